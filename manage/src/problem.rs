//! Every refusal, as `application/problem+json` (RFC 9457): one exhaustive match of the core's meanings.

use crate::BASE;
use doorward_core::Error;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Refusal, Response, StatusCode};
use http::header;
use serde_json::{Value, json};
use std::time::Duration;

/// The words clients match. `type` leads to their paragraph of the reference page, on this server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Code {
    Malformed,
    Unauthorized,
    Forbidden,
    InsecureTransport,
    NotFound,
    MethodNotAllowed,
    TooSlow,
    Conflict,
    Stale,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    TooMany,
    Internal,
    Unavailable,
}

impl Code {
    /// Every code with its word, status and title.
    pub(crate) const ALL: [(Self, &'static str, StatusCode, &'static str); 15] = [
        (Self::Malformed, "malformed", StatusCode::BAD_REQUEST, "The request cannot be read"),
        (Self::Unauthorized, "unauthorized", StatusCode::UNAUTHORIZED, "No good token was sent"),
        (Self::Forbidden, "forbidden", StatusCode::FORBIDDEN, "The token may not do this"),
        (Self::InsecureTransport, "insecure_transport", StatusCode::FORBIDDEN, "Served over https only"),
        (Self::NotFound, "not_found", StatusCode::NOT_FOUND, "There is nothing of that name"),
        (Self::MethodNotAllowed, "method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, "Another method"),
        (Self::TooSlow, "too_slow", StatusCode::REQUEST_TIMEOUT, "The body took too long to arrive"),
        (Self::Conflict, "conflict", StatusCode::CONFLICT, "Something else stands in the way"),
        (Self::Stale, "stale", StatusCode::PRECONDITION_FAILED, "It was changed since you read it"),
        (Self::TooLarge, "too_large", StatusCode::PAYLOAD_TOO_LARGE, "The request is too large"),
        (
            Self::UnsupportedMediaType,
            "unsupported_media_type",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send JSON",
        ),
        (Self::Invalid, "invalid", StatusCode::UNPROCESSABLE_ENTITY, "A field is not as it must be"),
        (Self::TooMany, "too_many", StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
        (Self::Internal, "internal", StatusCode::INTERNAL_SERVER_ERROR, "A fault of ours"),
        (Self::Unavailable, "unavailable", StatusCode::SERVICE_UNAVAILABLE, "Busy, try again"),
    ];

    fn told(self) -> (&'static str, StatusCode, &'static str) {
        let found = Self::ALL.iter().find(|(code, ..)| *code == self);
        found.map_or(("internal", StatusCode::INTERNAL_SERVER_ERROR, ""), |(_, word, status, title)| {
            (word, *status, title)
        })
    }
}

/// A refusal.
#[derive(Debug)]
pub(crate) struct Problem {
    code: Code,
    detail: Option<String>,
    field: Option<String>,
    retry_after: Option<Duration>,
}

impl Problem {
    pub(crate) fn of(code: Code) -> Self {
        Self { code, detail: None, field: None, retry_after: None }
    }

    /// The cursor is good, but leads to no place of this list.
    pub(crate) fn other_list() -> Self {
        Self::of(Code::Invalid).field("cursor", "not of this list")
    }

    /// In a sentence.
    pub(crate) fn said(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// About one field of the request.
    pub(crate) fn field(self, field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self.said(problem) }
    }

    /// When to try again.
    pub(crate) fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    pub(crate) fn render(self, request_id: &str) -> Response {
        let (word, status, title) = self.code.told();
        let mut body = json!({
            "type": format!("{BASE}/reference#{word}"),
            "title": title,
            "status": status.as_u16(),
            "code": word,
            "request_id": request_id,
        });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.detail.map(|detail| ("detail".to_owned(), Value::from(detail))));
            object.extend(self.field.map(|field| ("field".to_owned(), Value::from(field))));
        }
        let response = reply::content(status, "application/problem+json", body.to_string());
        let response = match self.code {
            Code::Unauthorized => response.with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"doorward\""),
            Code::Malformed
            | Code::Forbidden
            | Code::InsecureTransport
            | Code::NotFound
            | Code::MethodNotAllowed
            | Code::TooSlow
            | Code::Conflict
            | Code::Stale
            | Code::TooLarge
            | Code::UnsupportedMediaType
            | Code::Invalid
            | Code::TooMany
            | Code::Internal
            | Code::Unavailable => response,
        };
        match self.retry_after {
            Some(wait) => response.with_retry_after(wait),
            None => response,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid { field, problem } => Self::of(Code::Invalid).field(field, problem),
            Error::PasswordRefused(reason) => Self::of(Code::Invalid).field("password", reason.to_string()),
            Error::CallbackRefused => Self::of(Code::Invalid).field("callback", error.to_string()),
            Error::WrongCredentials | Error::NotSignedIn | Error::ApplicationRefused => {
                Self::of(Code::Unauthorized)
            }
            Error::NotAllowed | Error::PasswordResetRequired => Self::of(Code::Forbidden),
            Error::NotFound | Error::CodeRefused | Error::CurrentPasswordWrong => Self::of(Code::NotFound),
            Error::Conflict { field: "version", .. } => Self::of(Code::Stale),
            Error::Conflict { field, problem } => Self::of(Code::Conflict).field(field, problem),
            Error::WrongRegion { host } => {
                Self::of(Code::Conflict).said(format!("this pool is served by {host}"))
            }
            Error::Throttled { retry_after } | Error::RateLimited { retry_after, .. } => {
                Self::of(Code::TooMany).after(retry_after)
            }
            Error::Unavailable { retry_after } | Error::HomeAway { retry_after } => {
                Self::of(Code::Unavailable).after(retry_after)
            }
            Error::Internal => Self::of(Code::Internal),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Core(error) => error.into(),
            Refusal::UnknownPath => Self::of(Code::NotFound),
            Refusal::MethodNotAllowed { .. } => Self::of(Code::MethodNotAllowed),
            Refusal::BodyTooLarge { .. } | Refusal::UriTooLong { .. } => Self::of(Code::TooLarge),
            Refusal::UnsupportedMediaType => Self::of(Code::UnsupportedMediaType),
            Refusal::Malformed { problem } => Self::of(Code::Malformed).said(problem),
            Refusal::Invalid { field, problem } => Self::of(Code::Invalid).field(field, problem),
            Refusal::TooSlow => Self::of(Code::TooSlow),
            Refusal::CrossSite => Self::of(Code::Forbidden),
            Refusal::InsecureTransport => Self::of(Code::InsecureTransport),
        }
    }
}
