//! Which mails somebody wants.

use super::own::{Own, Sent};
use super::rooms::{Room, Rooms, done};
use crate::frame::{Frame, render};
use crate::trouble::refused;
use askama::Template;
use doorward_core::people::{self, Edit};
use doorward_model::NotificationSettings;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "account/mails.html")]
struct Mails {
    frame: Frame,
    rooms: Rooms,
    title: &'static str,
    settings: NotificationSettings,
}

pub(super) async fn show(own: Own) -> Response {
    let (frame, rooms) = own.around(Room::Mails);
    let (title, settings) = (own.asked.words().account.mails, own.identity.person.notifications);
    render(StatusCode::OK, &Mails { frame, rooms, title, settings })
}

pub(super) async fn save(Sent { own, form }: Sent) -> Response {
    // What is kept for other clients stays as they set it.
    let settings =
        NotificationSettings { instant: form.is_ticked("instant"), ..own.identity.person.notifications };
    let edit = Edit { notifications: Some(settings), ..Edit::default() };
    let (branch, id) = (&own.identity.branch, own.identity.person.id);
    match people::edit(&own.core, own.caller(), &own.actor(), branch, id, edit).await {
        Ok(_) => done(Room::Mails, "changed"),
        Err(fault) => refused(&own.asked, &fault),
    }
}
