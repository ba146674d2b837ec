//! Changing one's own password: the present one is asked for, unless a new one is required.

use super::own::{Own, Sent};
use super::rooms::{Room, Rooms, done};
use crate::frame::Frame;
use crate::frame::render;
use crate::hosted::password::refusal;
use crate::trouble::refused;
use crate::words::{self, fill};
use askama::Template;
use doorward_core::{Error, passwords};
use doorward_web::reply::Reply as _;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordForm {
    frame: Frame,
    rooms: Rooms,
    title: &'static str,
    /// So that a password manager files it right.
    email: String,
    /// Whether a new one is required; then the present one is not asked for.
    is_required: bool,
    min_length: u32,
    hint: String,
    problem: Option<String>,
}

pub(super) async fn show(own: Own) -> Response {
    form(&own, StatusCode::OK, None)
}

fn form(own: &Own, status: StatusCode, problem: Option<String>) -> Response {
    let (words, min_length) = (own.asked.words(), own.identity.branch.policy().password_min_length);
    let (frame, rooms) = own.around(Room::Password);
    let form = PasswordForm {
        frame,
        rooms,
        title: words.account.password,
        email: own.identity.person.email.as_written().to_owned(),
        is_required: own.identity.person.password_reset_required,
        min_length,
        hint: fill(words.password.hint, &[("minimum", &min_length.to_string())]),
        problem,
    };
    render(status, &form)
}

pub(super) async fn change(Sent { own, form: sent }: Sent) -> Response {
    let words = own.asked.words();
    let again = |problem: String| form(&own, StatusCode::UNPROCESSABLE_ENTITY, Some(problem));
    let Some(new) = sent.secret("password") else { return again(words.password.missing.to_owned()) };
    if sent.secret("password_again").is_none_or(|repeated| repeated.expose() != new.expose()) {
        return again(words.password.differ.to_owned());
    }
    let current = sent.secret("current_password");
    match passwords::change(&own.core, own.caller(), &own.identity, current, new).await {
        Ok(_) => done(Room::Password, "password"),
        Err(Error::PasswordRefused(reason)) => again(refusal(words, &reason)),
        Err(Error::Invalid { field: "password", .. }) => again(words.password.present.to_owned()),
        Err(Error::CurrentPasswordWrong | Error::Invalid { .. }) => {
            again(words.account.current_wrong.to_owned())
        }
        Err(Error::Throttled { retry_after }) => {
            let wait = words::wait(words, retry_after);
            let problem = fill(words.entry.throttled, &[("wait", &wait)]);
            form(&own, StatusCode::TOO_MANY_REQUESTS, Some(problem)).with_retry_after(retry_after)
        }
        Err(fault) => refused(&own.asked, &fault),
    }
}
