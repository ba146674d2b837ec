//! Changing one's own address: asked for here with the password, done by the link that is mailed to the new one (`/email`).

use super::own::{Own, Sent};
use super::rooms::{Room, Rooms, done};
use crate::asked::Asked;
use crate::brand::Brand;
use crate::form::{Form, Link, Opened};
use crate::frame::Frame;
use crate::frame::render;
use crate::hosted::{dead_link, said, sender};
use crate::trouble::{Trouble, problem, refused};
use crate::words::{self, fill};
use askama::Template;
use axum::extract::State;
use doorward_core::people::email_change;
use doorward_core::{Branch, Core, Error};
use doorward_model::{Email, Person, Purpose};
use doorward_web::reply::Reply as _;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "account/email.html")]
struct EmailForm<'a> {
    frame: Frame,
    rooms: Rooms,
    title: &'static str,
    present: String,
    is_verified: bool,
    new: &'a str,
    problem: Option<String>,
}

pub(super) async fn show(own: Own) -> Response {
    form(&own, StatusCode::OK, "", None)
}

fn form(own: &Own, status: StatusCode, new: &str, problem: Option<String>) -> Response {
    let (frame, rooms) = own.around(Room::Email);
    let person = &own.identity.person;
    let form = EmailForm {
        frame,
        rooms,
        title: own.asked.words().account.email,
        present: person.email.as_written().to_owned(),
        is_verified: person.verified.for_all_doors(),
        new,
        problem,
    };
    render(status, &form)
}

pub(super) async fn request(Sent { own, form: sent }: Sent) -> Response {
    let words = own.asked.words();
    let new: String = sent.typed("email").unwrap_or_default().chars().take(said::EMAIL_CHARS).collect();
    let again = |problem: &str| form(&own, StatusCode::UNPROCESSABLE_ENTITY, &new, Some(problem.to_owned()));
    if Email::parse(&new).is_err() {
        return again(words.account.refused_email);
    }
    let Some(current) = sent.secret("current_password") else { return again(words.account.current_wrong) };
    match email_change::request(&own.core, own.caller(), &own.identity, current, &new).await {
        Ok(()) => done(Room::Email, "email"),
        Err(Error::CurrentPasswordWrong) => again(words.account.current_wrong),
        Err(Error::Invalid { .. }) => again(words.account.email_same),
        Err(Error::Throttled { retry_after }) => {
            let wait = words::wait(words, retry_after);
            let problem = fill(words.entry.throttled, &[("wait", &wait)]);
            form(&own, StatusCode::TOO_MANY_REQUESTS, &new, Some(problem)).with_retry_after(retry_after)
        }
        Err(fault) => refused(&own.asked, &fault),
    }
}

/// One button: opening the link alone changes nothing, because mail scanners open links.
#[derive(Template)]
#[template(path = "account/email_confirm.html")]
struct ConfirmForm<'a> {
    frame: Frame,
    title: &'static str,
    email: &'a str,
    person: String,
    code: &'a str,
}

pub(super) async fn open(State(core): State<Core>, Opened { asked, link }: Opened) -> Response {
    let (branch, person, new) = match find(&core, &asked, &link).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let form = ConfirmForm {
        frame: asked.frame(Some(Brand::of(&branch))),
        title: asked.words().account.email_confirm_title,
        email: new.as_written(),
        person: person.id.to_string(),
        code: link.code.expose(),
    };
    render(StatusCode::OK, &form)
}

pub(super) async fn confirm(State(core): State<Core>, form: Form) -> Response {
    let asked = &form.asked;
    let Some(link) = Link::read(&form.fields) else { return problem(asked, Trouble::BrokenLink) };
    let (branch, _, new) = match find(&core, asked, &link).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let words = &asked.words().account;
    match email_change::confirm(&core, &asked.caller, &link.code, link.person).await {
        Ok(true) => {
            let text = fill(words.email_confirmed_text, &[("email", new.as_written())]);
            let onward = Some((Room::SignIns.path().to_owned(), words.title));
            // The code is used up, so there is no page to come back to from a choice of language.
            let asked = &Asked { here: Room::SignIns.path().to_owned(), ..asked.clone() };
            said::said(asked, Some(Brand::of(&branch)), (words.email_confirmed, &text), onward)
        }
        Ok(false) => dead_link(&core, asked, Purpose::EmailChange, &link.code).await,
        Err(fault) => refused(asked, &fault),
    }
}

async fn find(core: &Core, asked: &Asked, link: &Link) -> Result<(Branch, Person, Email), Response> {
    let found = email_change::find(core, &link.code).await.map_err(|fault| refused(asked, &fault))?;
    match found {
        Some((ticket, person, email)) if link.person.is_none_or(|named| named == person.id) => {
            Ok((sender(core, asked, &ticket).await?, person, email))
        }
        Some(_) | None => Err(dead_link(core, asked, Purpose::EmailChange, &link.code).await),
    }
}
