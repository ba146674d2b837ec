//! How a page becomes an answer.

use askama::Template;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode, page_headers};

/// Renders a page under the strict content policy.
pub(crate) fn render(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let mut response = reply::content(status, "text/html; charset=utf-8", html);
            page_headers(response.headers_mut());
            // The language is chosen by these, should any cache ever keep a page.
            response.with_header(http::header::VARY, "accept-language, cookie")
        }
        Err(fault) => {
            doorward_core::Error::internal("a page cannot be rendered", &fault);
            reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
