//! Which mails somebody wants, and in which language.

use super::own::{Own, Sent};
use super::rooms::{Room, Rooms, done};
use crate::frame::{Frame, render};
use crate::trouble::refused;
use askama::Template;
use doorward_core::people::{self, Edit};
use doorward_model::{Language, NotificationSettings};
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "account/mails.html")]
struct Mails {
    frame: Frame,
    rooms: Rooms,
    title: &'static str,
    settings: NotificationSettings,
    languages: [Language; 3],
    language: Language,
}

pub(super) async fn show(own: Own) -> Response {
    let (frame, rooms) = own.around(Room::Mails);
    let (title, person) = (own.asked.words().account.mails, &own.identity.person);
    let page = Mails {
        frame,
        rooms,
        title,
        settings: person.notifications,
        languages: Language::ALL,
        language: person.language.unwrap_or(own.asked.lang),
    };
    render(StatusCode::OK, &page)
}

pub(super) async fn save(Sent { own, form }: Sent) -> Response {
    // What is kept for other clients stays as they set it.
    let settings = NotificationSettings {
        instant: form.is_ticked("instant"),
        morning: form.is_ticked("morning"),
        evening: form.is_ticked("evening"),
        ..own.identity.person.notifications
    };
    let language = form.typed("language").and_then(Language::parse).map(Some);
    let edit = Edit { notifications: Some(settings), language, ..Edit::default() };
    let (branch, id) = (&own.identity.branch, own.identity.person.id);
    match people::edit(&own.core, own.caller(), &own.actor(), branch, id, edit).await {
        Ok(_) => done(Room::Mails, "changed"),
        Err(fault) => refused(&own.asked, &fault),
    }
}
