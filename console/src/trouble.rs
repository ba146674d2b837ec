//! The one page for everything that goes wrong: what happened, what to do, and the number of the request.

use crate::asked::Asked;
use crate::brand::Brand;
use crate::frame::{Frame, render};
use crate::words::{self, fill};
use askama::Template;
use axum::response::IntoResponse;
use doorward_core::Error;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use std::time::Duration;

/// What can go wrong, as somebody at a browser would tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Cut off, forgotten, never given, of another purpose: one answer for all. One that was real has a page of its own
    /// (`hosted/dead_link.rs`).
    BrokenLink,
    CrossSite,
    /// Busy, or the store is away.
    Unavailable(Duration),
    NotFound,
    WrongMethod,
    Insecure,
    TooLarge,
    Unreadable,
    Throttled(Duration),
    NotAllowed,
    /// A fault of ours.
    Ours,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page {
    frame: Frame,
    title: &'static str,
    advice: String,
    back: Option<String>,
}

impl Trouble {
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::CodeRefused => Self::BrokenLink,
            Error::NotFound => Self::NotFound,
            Error::NotAllowed
            | Error::PasswordResetRequired
            | Error::ApplicationRefused
            | Error::WrongRegion { .. } => Self::NotAllowed,
            Error::Invalid { .. }
            | Error::WrongCredentials
            | Error::NotSignedIn
            | Error::Conflict { .. }
            | Error::PasswordRefused(_)
            | Error::CurrentPasswordWrong
            | Error::CallbackRefused => Self::Unreadable,
            Error::Throttled { retry_after } | Error::RateLimited { retry_after, .. } => {
                Self::Throttled(*retry_after)
            }
            Error::Unavailable { retry_after } | Error::HomeAway { retry_after } => {
                Self::Unavailable(*retry_after)
            }
            Error::Internal => Self::Ours,
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::BrokenLink | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::CrossSite | Self::Insecure | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn wait(self) -> Option<Duration> {
        match self {
            Self::Unavailable(wait) | Self::Throttled(wait) => Some(wait),
            Self::BrokenLink
            | Self::CrossSite
            | Self::NotFound
            | Self::WrongMethod
            | Self::Insecure
            | Self::TooLarge
            | Self::Unreadable
            | Self::NotAllowed
            | Self::Ours => None,
        }
    }

    /// What happened, and what to do.
    fn said(self, words: &words::Trouble) -> (&'static str, &'static str) {
        match self {
            Self::BrokenLink => (words.broken_link, words.broken_link_do),
            Self::CrossSite => (words.cross_site, words.cross_site_do),
            Self::Unavailable(_) => (words.unavailable, words.unavailable_do),
            Self::NotFound => (words.not_found, words.not_found_do),
            Self::WrongMethod => (words.wrong_method, words.wrong_method_do),
            Self::Insecure => (words.insecure, words.insecure_do),
            Self::TooLarge => (words.too_large, words.too_large_do),
            Self::Unreadable => (words.unreadable, words.unreadable_do),
            Self::Throttled(_) => (words.throttled, words.throttled_do),
            Self::NotAllowed => (words.not_allowed, words.not_allowed_do),
            Self::Ours => (words.ours, words.ours_do),
        }
    }
}

/// For handlers behind [`crate::visit::guard`], which knows the request and shows the page.
impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = reply::empty(self.status());
        response.extensions_mut().insert(self);
        response
    }
}

/// The page in Doorward's own name.
pub(crate) fn problem(asked: &Asked, trouble: Trouble) -> Response {
    page(asked, None, trouble, None)
}

/// The page for what an operation came to.
pub(crate) fn refused(asked: &Asked, error: &Error) -> Response {
    problem(asked, Trouble::of(error))
}

/// The page in the name of `brand`, with a way back.
pub(crate) fn page(asked: &Asked, brand: Option<Brand>, trouble: Trouble, back: Option<String>) -> Response {
    let words = asked.words();
    let (title, advice) = trouble.said(&words.trouble);
    let wait = trouble.wait();
    let told = wait.map(|wait| words::wait(words, wait)).unwrap_or_default();
    let advice = fill(advice, &[("wait", &told)]);
    // Without the query: it may hold a code, and a page that tells of trouble is copied and sent around (P16).
    let here = asked.here.split('?').next().unwrap_or_default().to_owned();
    let frame = Frame { here, ..asked.frame(brand) };
    let response = render(trouble.status(), &Page { frame, title, advice, back });
    match wait {
        Some(wait) => response.with_retry_after(wait),
        None => response,
    }
}
