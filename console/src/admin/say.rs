//! A console page that only says something.

use crate::assets;
use crate::frame::render;
use askama::Template;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "console/say.html")]
struct Say<'a> {
    style: &'static str,
    icon: &'static str,
    title: &'a str,
    text: &'a str,
}

/// A page that says one thing.
pub(crate) fn message(status: StatusCode, title: &str, text: &str) -> Response {
    let (style, icon) = (assets::path("pages.css"), assets::path("icon.svg"));
    render(status, &Say { style, icon, title, text })
}
