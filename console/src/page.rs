//! The frame of every page, and the pages that only say something.

use askama::Template;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode, page_headers};

const STYLE: &str = include_str!("../assets/pages.css");

/// A page that says one thing.
#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    text: &'a str,
}

/// Renders a page under the strict content policy.
pub(crate) fn render(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let mut response = reply::content(status, "text/html; charset=utf-8", html);
            page_headers(response.headers_mut());
            response
        }
        Err(fault) => {
            doorward_core::Error::internal("a page cannot be rendered", &fault);
            reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// A page that says one thing.
pub(crate) fn message(status: StatusCode, title: &str, text: &str) -> Response {
    render(status, &Message { title, text })
}

/// The link is used up, too old or cut off: one answer for all, with what to do.
pub(crate) fn broken_link() -> Response {
    message(
        StatusCode::BAD_REQUEST,
        "This link does not work any more",
        "It may have been used already, or it is too old. Ask for a new one where you sign in.",
    )
}

/// Busy, or a fault of ours.
pub(crate) fn unavailable() -> Response {
    message(
        StatusCode::SERVICE_UNAVAILABLE,
        "We cannot do this right now",
        "Nothing was changed and your link still works. Please try again in a minute.",
    )
    .with_retry_after(std::time::Duration::from_secs(30))
}

/// The stylesheet; the same for everybody, so it may be kept.
pub(crate) async fn style() -> Response {
    reply::content(StatusCode::OK, "text/css; charset=utf-8", STYLE)
        .with_header(http::header::CACHE_CONTROL, "public, max-age=3600")
}
