//! A page that says one thing, and perhaps where to go on.

use crate::asked::Asked;
use crate::brand::Brand;
use crate::frame::{Frame, render};
use askama::Template;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "hosted/said.html")]
struct Said<'a> {
    frame: Frame,
    title: &'a str,
    text: &'a str,
    /// An address and what stands on its button.
    onward: Option<(String, &'a str)>,
}

/// Characters of an address that are shown again; no address is longer (RFC 5321 §4.5.3.1).
pub(crate) const EMAIL_CHARS: usize = 254;

pub(crate) fn said(
    asked: &Asked,
    brand: Option<Brand>,
    (title, text): (&str, &str),
    onward: Option<(String, &str)>,
) -> Response {
    render(StatusCode::OK, &Said { frame: asked.frame(brand), title, text, onward })
}
