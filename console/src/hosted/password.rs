//! Choosing a password: after a reset link, or with an invitation.

use super::said::said;
use super::{dead_link, sender, sign_in_path};
use crate::asked::Asked;
use crate::brand::Brand;
use crate::form::{Form, Link, Opened};
use crate::frame::{Frame, render};
use crate::trouble::{Trouble, page, problem, refused};
use crate::words::{Words, fill};
use askama::Template;
use axum::extract::State;
use doorward_core::passwords::reset::{self, Expected};
use doorward_core::{Branch, Core, Error, tickets};
use doorward_model::{Person, Purpose, password};
use doorward_web::{Response, StatusCode};

/// The form that sets a password.
#[derive(Template)]
#[template(path = "hosted/password.html")]
struct PasswordForm<'a> {
    frame: Frame,
    title: &'static str,
    /// Whose account it is, so that a password manager files it right.
    email: &'a str,
    person: String,
    code: &'a str,
    /// What the policy asks for, so that nobody has to guess.
    min_length: u32,
    hint: String,
    problem: Option<String>,
}

#[derive(Clone, Copy)]
enum Why {
    Reset,
    Invitation,
}

impl Why {
    const fn purpose(self) -> Purpose {
        match self {
            Self::Reset => Purpose::Reset,
            Self::Invitation => Purpose::Invitation,
        }
    }

    const fn title(self, words: &Words) -> &'static str {
        match self {
            Self::Reset => words.password.reset_title,
            Self::Invitation => words.password.invitation_title,
        }
    }

    const fn done(self, words: &Words) -> &'static str {
        match self {
            Self::Reset => words.password.reset_done,
            Self::Invitation => words.password.invitation_done,
        }
    }
}

pub(crate) async fn show_reset(State(core): State<Core>, opened: Opened) -> Response {
    open(&core, Why::Reset, &opened).await
}

pub(crate) async fn show_invitation(State(core): State<Core>, opened: Opened) -> Response {
    open(&core, Why::Invitation, &opened).await
}

pub(crate) async fn finish_reset(State(core): State<Core>, form: Form) -> Response {
    finish(&core, Why::Reset, form).await
}

pub(crate) async fn accept_invitation(State(core): State<Core>, form: Form) -> Response {
    finish(&core, Why::Invitation, form).await
}

async fn open(core: &Core, why: Why, Opened { asked, link }: &Opened) -> Response {
    match find(core, asked, why, link).await {
        Ok((branch, person)) => show(asked, why, link, &branch, &person, None),
        Err(response) => response,
    }
}

/// Whose code it is, and where; or the page that says that it is none.
async fn find(core: &Core, asked: &Asked, why: Why, link: &Link) -> Result<(Branch, Person), Response> {
    let found = tickets::find(core, why.purpose(), &link.code).await;
    let (ticket, person) = match found.map_err(|fault| refused(asked, &fault))? {
        Some(found) if link.person.is_none_or(|named| named == found.1.id) => found,
        Some(_) | None => return Err(dead_link(core, asked, why.purpose(), &link.code).await),
    };
    Ok((sender(core, asked, &ticket).await?, person))
}

fn show(
    asked: &Asked,
    why: Why,
    link: &Link,
    branch: &Branch,
    person: &Person,
    problem: Option<String>,
) -> Response {
    let (words, min_length) = (asked.words(), branch.policy().password_min_length);
    let form = PasswordForm {
        frame: asked.frame(Some(Brand::of(branch))),
        title: why.title(words),
        email: person.email.as_written(),
        person: person.id.to_string(),
        code: link.code.expose(),
        min_length,
        hint: fill(words.password.hint, &[("minimum", &min_length.to_string())]),
        problem,
    };
    render(if form.problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK }, &form)
}

async fn finish(core: &Core, why: Why, form: Form) -> Response {
    let asked = &form.asked;
    let Some(link) = Link::read(&form.fields) else { return problem(asked, Trouble::BrokenLink) };
    let (branch, person) = match find(core, asked, why, &link).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let words = asked.words();
    let again = |problem: String| show(asked, why, &link, &branch, &person, Some(problem));
    let Some(chosen) = form.secret("password") else { return again(words.password.missing.to_owned()) };
    if form.secret("password_again").is_none_or(|repeated| repeated.expose() != chosen.expose()) {
        return again(words.password.differ.to_owned());
    }
    let expected = Expected { person: link.person, ..Expected::default() };
    match reset::finish(core, &asked.caller, &link.code, expected, chosen).await {
        Ok(_) => {
            // The code is used up, so there is no page to come back to from a choice of language.
            let asked = &Asked { here: sign_in_path(&branch), ..asked.clone() };
            said(
                asked,
                Some(Brand::of(&branch)),
                (words.password.done, why.done(words)),
                Some((sign_in_path(&branch), words.entry.submit)),
            )
        }
        Err(Error::PasswordRefused(reason)) => again(refusal(words, &reason)),
        Err(Error::CodeRefused) => dead_link(core, asked, why.purpose(), &link.code).await,
        Err(fault) => page(asked, Some(Brand::of(&branch)), Trouble::of(&fault), None),
    }
}

/// Why a new password was refused, for the one who chose it.
pub(crate) fn refusal(words: &Words, reason: &password::Refused) -> String {
    use password::Refused;
    let words = &words.password;
    match reason {
        Refused::TooShort { least } => fill(words.too_short, &[("minimum", &least.to_string())]),
        Refused::TooLong { most } => fill(words.too_long, &[("maximum", &most.to_string())]),
        Refused::Common => words.common.to_owned(),
        Refused::OwnWord => words.own_word.to_owned(),
        Refused::Control => words.control.to_owned(),
    }
}
