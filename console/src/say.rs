//! Console pages that only say something: why a thing is not done, and what to do.

use crate::assets;
use crate::page::render;
use askama::Template;
use doorward_web::reply::Reply as _;
use doorward_web::{Response, StatusCode};
use std::time::Duration;

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

/// An address that no page of ours makes.
pub(crate) fn nothing_here() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "There is nothing here",
        "It may have been deleted, or the address is not complete. Go back and reload the list you came from.",
    )
}

/// Busy, or the store does not answer.
pub(crate) fn unavailable(wait: Duration) -> Response {
    message(
        StatusCode::SERVICE_UNAVAILABLE,
        "We cannot do this right now",
        "Nothing was changed. Please try again in a minute.",
    )
    .with_retry_after(wait)
}
