//! The page before a dangerous step: what it does, and a button.

use super::frame::Frame;
use super::overlap::Choice;
use super::trouble::status;
use crate::frame::render;
use askama::Template;
use doorward_web::Response;

/// Asks once more.
#[derive(Template)]
#[template(path = "console/danger.html")]
pub(crate) struct Danger {
    pub(crate) frame: Frame,
    /// What will happen, a sentence each.
    pub(crate) what: Vec<String>,
    /// The button's words.
    pub(crate) button: &'static str,
    /// Hidden fields of the form.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// How long what is replaced may go on: values and words; empty where nothing is.
    pub(crate) overlaps: Vec<Choice>,
    /// Where to go instead.
    pub(crate) back: String,
    pub(crate) problem: Option<String>,
}

impl Danger {
    pub(crate) fn render(&self) -> Response {
        let status = status(&self.problem);
        render(status, self)
    }
}
