//! What stands around every page, and how a page becomes an answer.
//!
//! A page is a template that extends `page.html` (one thing in the middle) or `frame.html` (a bar above, ways at the
//! side, room), and has two fields they ask for: `frame`, from [`crate::asked::Asked::frame`], and `title`, shown in the
//! browser's tab and as the page's heading. `docs/operators/pages.md` says what an operator may change of it.

use crate::brand::Brand;
use crate::words::Words;
use askama::Template;
use doorward_model::Language;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode, page_headers};

/// What stands around a page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) lang: Language,
    /// Path and query of the page, to come back to from a choice of language.
    pub(crate) here: String,
    /// In whose name the page speaks; Doorward's own without.
    pub(crate) brand: Option<Brand>,
    pub(crate) request_id: String,
}

impl Frame {
    pub(crate) fn words(&self) -> &'static Words {
        Words::of(self.lang)
    }

    pub(crate) fn name(&self) -> &str {
        self.brand.as_ref().map_or("Doorward", |brand| brand.name.as_str())
    }

    /// Where the picture in place of the name is, if there is one.
    pub(crate) fn logo(&self) -> Option<String> {
        self.brand.as_ref()?.logo()
    }

    pub(crate) fn asset(&self, file: &str) -> &'static str {
        crate::assets::path(file)
    }

    pub(crate) fn languages(&self) -> [Language; 3] {
        Language::ALL
    }
}

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

/// Sends a browser on to a page of ours, which it asks for with `GET`.
pub(crate) fn see_other(path: &str) -> Response {
    reply::empty(StatusCode::SEE_OTHER).with_header(http::header::LOCATION, path)
}
