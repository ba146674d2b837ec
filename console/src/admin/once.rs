//! Forms that make something: each carries a name of its own, so that one that is sent twice (a second press, a reload, a step back)
//! makes it once.

use super::frame::Frame;
use crate::frame::render;
use crate::visit::{Posted, Uploaded, Visit};
use askama::Template;
use doorward_core::once::Once;
use doorward_core::{Error, Result};
use doorward_web::{Response, StatusCode};

/// The name that a form was shown with, and what was typed into these fields of it. `None` for a form without one: of a page from
/// before there were any.
pub(super) fn of(posted: &Posted, fields: &[&str]) -> Option<Once> {
    let typed: Vec<&str> = fields.iter().map(|field| posted.text(field)).collect();
    Some(named(&posted.visit, posted.given("once")?, &typed))
}

/// The same for a form with a file, by its words and what is in it.
pub(super) fn of_upload(uploaded: &Uploaded, fields: &[&str]) -> Option<Once> {
    let text = |field: &str| uploaded.upload.fields.text(field).ok().flatten().unwrap_or_default().trim();
    let file = String::from_utf8_lossy(&uploaded.upload.file);
    let typed: Vec<&str> = fields.iter().map(|field| text(field)).chain([&*file]).collect();
    let name = Some(text("once")).filter(|name| !name.is_empty())?;
    Some(named(&uploaded.visit, name, &typed))
}

fn named(visit: &Visit, name: &str, typed: &[&str]) -> Once {
    Once::of_form(&visit.core, visit.visitor.id(), name, typed)
}

#[derive(Template)]
#[template(path = "console/made_before.html")]
struct MadeBefore {
    frame: Frame,
    advice: &'static str,
    back: String,
}

/// Instead of a secret, which was shown in the answer to the form that came first.
pub(super) fn made_before(frame: Frame, advice: &'static str, back: String) -> Response {
    render(StatusCode::OK, &MadeBefore { frame, advice, back })
}

/// What a form with a secret made: `None` if it did so before.
///
/// Errors: every other of `made`.
pub(super) fn first<T>(made: Result<T>) -> Result<Option<T>> {
    match made {
        Ok(made) => Ok(Some(made)),
        Err(Error::Conflict { field: "idempotency_key", .. }) => Ok(None),
        Err(other) => Err(other),
    }
}
