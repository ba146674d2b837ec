//! Choosing a password: after a reset link, or with an invitation.

use crate::form::{Form, Link};
use crate::page;
use askama::Template;
use axum::extract::State;
use doorward_core::passwords::reset::{self, Expected};
use doorward_core::{Core, Error, tenants, tickets};
use doorward_model::Purpose;
use doorward_web::{Response, StatusCode};

/// The form that sets a password.
#[derive(Template)]
#[template(path = "password.html")]
struct PasswordForm<'a> {
    title: &'a str,
    /// Whose account it is, so that a password manager files it right.
    email: &'a str,
    person: String,
    code: &'a str,
    /// What the policy asks for, so that nobody has to guess.
    min_length: u32,
    problem: Option<String>,
}

#[derive(Clone, Copy)]
struct Wording {
    purpose: Purpose,
    title: &'static str,
    done: &'static str,
}

const RESET: Wording = Wording {
    purpose: Purpose::Reset,
    title: "Choose a new password",
    done: "Your new password is set, and you are signed out everywhere. Sign in again where you usually do.",
};

const INVITATION: Wording = Wording {
    purpose: Purpose::Invitation,
    title: "Welcome! Choose your password",
    done: "Your account is ready. Sign in where you usually do, with your e-mail address and this password.",
};

pub(crate) async fn show_reset(State(core): State<Core>, link: Link) -> Response {
    show(&core, RESET, &link, StatusCode::OK, None).await
}

pub(crate) async fn show_invitation(State(core): State<Core>, link: Link) -> Response {
    show(&core, INVITATION, &link, StatusCode::OK, None).await
}

pub(crate) async fn finish_reset(State(core): State<Core>, form: Form) -> Response {
    finish(&core, RESET, form).await
}

pub(crate) async fn accept_invitation(State(core): State<Core>, form: Form) -> Response {
    finish(&core, INVITATION, form).await
}

async fn show(
    core: &Core,
    wording: Wording,
    link: &Link,
    status: StatusCode,
    problem: Option<String>,
) -> Response {
    let (ticket, person) = match tickets::find(core, wording.purpose, &link.code).await {
        Ok(Some(found)) if link.person.is_none_or(|named| named == found.1.id) => found,
        Ok(_) => return page::broken_link(),
        Err(_) => return page::unavailable(),
    };
    let Ok(branch) = tenants::by_id(core, ticket.pool, ticket.tenant).await else {
        return page::unavailable();
    };
    let form = PasswordForm {
        title: wording.title,
        email: person.email.as_written(),
        person: person.id.to_string(),
        code: link.code.expose(),
        min_length: branch.policy().password_min_length,
        problem,
    };
    page::render(status, &form)
}

async fn finish(core: &Core, wording: Wording, form: Form) -> Response {
    let Form { caller, link, password, repeated } = form;
    let again = |problem: String| show(core, wording, &link, StatusCode::BAD_REQUEST, Some(problem));
    let Some(password) = password else { return again("Please choose a password.".to_owned()).await };
    if repeated.is_none_or(|repeated| repeated.expose() != password.expose()) {
        return again("The two passwords are not the same. Please type them again.".to_owned()).await;
    }
    let expected = Expected { person: link.person, ..Expected::default() };
    match reset::finish(core, &caller, &link.code, expected, password).await {
        Ok(_) => page::message(StatusCode::OK, "All set", wording.done),
        Err(Error::PasswordRefused(reason)) => again(format!("Please choose another one: {reason}.")).await,
        Err(Error::CodeRefused) => page::broken_link(),
        Err(
            Error::Invalid { .. }
            | Error::WrongCredentials
            | Error::NotSignedIn
            | Error::ApplicationRefused
            | Error::NotAllowed
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::CurrentPasswordWrong
            | Error::CallbackRefused
            | Error::PasswordResetRequired
            | Error::WrongRegion { .. },
        ) => page::broken_link(),
        Err(
            Error::Throttled { .. }
            | Error::RateLimited { .. }
            | Error::Unavailable { .. }
            | Error::HomeAway { .. }
            | Error::Internal,
        ) => page::unavailable(),
    }
}
