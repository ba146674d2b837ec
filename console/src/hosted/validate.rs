//! Confirming an address with the link that was mailed to it.

use super::said::said;
use super::{dead_link, sender, sign_in_path};
use crate::asked::Asked;
use crate::brand::Brand;
use crate::form::{Form, Link, Opened};
use crate::frame::{Frame, render};
use crate::trouble::{Trouble, problem, refused};
use askama::Template;
use axum::extract::State;
use doorward_core::{Branch, Core, tickets, validation};
use doorward_model::{Person, Purpose};
use doorward_web::{Response, StatusCode};

/// One button: opening the link alone confirms nothing, because mail scanners open links.
#[derive(Template)]
#[template(path = "hosted/validate.html")]
struct ConfirmForm<'a> {
    frame: Frame,
    title: &'static str,
    email: &'a str,
    person: String,
    code: &'a str,
}

pub(crate) async fn show(State(core): State<Core>, Opened { asked, link }: Opened) -> Response {
    let (branch, person) = match find(&core, &asked, &link).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let form = ConfirmForm {
        frame: asked.frame(Some(Brand::of(&branch))),
        title: asked.words().entry.validate_title,
        email: person.email.as_written(),
        person: person.id.to_string(),
        code: link.code.expose(),
    };
    render(StatusCode::OK, &form)
}

pub(crate) async fn confirm(State(core): State<Core>, form: Form) -> Response {
    let asked = &form.asked;
    let Some(link) = Link::read(&form.fields) else { return problem(asked, Trouble::BrokenLink) };
    let (branch, _) = match find(&core, asked, &link).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let words = &asked.words().entry;
    match validation::confirm_mail(&core, &asked.caller, &link.code, link.person).await {
        Ok(true) => {
            // The code is used up, so there is no page to come back to from a choice of language.
            let asked = &Asked { here: sign_in_path(&branch), ..asked.clone() };
            said(asked, Some(Brand::of(&branch)), (words.validate_done, words.validate_done_text), None)
        }
        Ok(false) => dead_link(&core, asked, Purpose::Validation, &link.code).await,
        Err(fault) => refused(asked, &fault),
    }
}

async fn find(core: &Core, asked: &Asked, link: &Link) -> Result<(Branch, Person), Response> {
    let found = tickets::find(core, Purpose::Validation, &link.code).await;
    match found.map_err(|fault| refused(asked, &fault))? {
        Some((ticket, person)) if link.person.is_none_or(|named| named == person.id) => {
            Ok((sender(core, asked, &ticket).await?, person))
        }
        Some(_) | None => Err(dead_link(core, asked, Purpose::Validation, &link.code).await),
    }
}
