//! Confirming an address with the link that was mailed to it.

use crate::form::{Form, Link};
use crate::page;
use askama::Template;
use axum::extract::State;
use doorward_core::{Core, tickets, validation};
use doorward_model::Purpose;
use doorward_web::{Response, StatusCode};

/// One button: opening the link alone confirms nothing, because mail scanners open links.
#[derive(Template)]
#[template(path = "validate.html")]
struct ConfirmForm<'a> {
    title: &'a str,
    email: &'a str,
    person: String,
    code: &'a str,
}

pub(crate) async fn show(State(core): State<Core>, link: Link) -> Response {
    match tickets::find(&core, Purpose::Validation, &link.code).await {
        Ok(Some((_, person))) if link.person.is_none_or(|named| named == person.id) => {
            let email = person.email.as_written();
            let form = ConfirmForm {
                title: "Confirm your e-mail address",
                email,
                person: person.id.to_string(),
                code: link.code.expose(),
            };
            page::render(StatusCode::OK, &form)
        }
        Ok(_) => page::broken_link(),
        Err(_) => page::unavailable(),
    }
}

pub(crate) async fn confirm(State(core): State<Core>, form: Form) -> Response {
    match validation::confirm_mail(&core, &form.caller, &form.link.code, form.link.person).await {
        Ok(true) => page::message(StatusCode::OK, "Thank you", "Your e-mail address is confirmed."),
        Ok(false) => page::broken_link(),
        Err(_) => page::unavailable(),
    }
}
