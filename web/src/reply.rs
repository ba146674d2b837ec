//! Building answers: `reply::json(StatusCode::OK, &body)`, then [`Reply`]'s methods for headers and cookies.

use crate::{Cookie, Response};
use axum::body::Body;
use doorward_core::Error;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use std::time::Duration;

/// JSON with `Content-Type: application/json`. A body that cannot be serialised is a fault of ours: an empty 500.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(text) => content(status, "application/json", text),
        Err(fault) => {
            Error::internal("answer cannot be serialised", &fault);
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// A body of any other type.
pub fn content(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = empty(status);
    *response.body_mut() = body.into();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// No body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The seconds of a `Retry-After` (RFC 9110 §10.2.3): whole, rounded up, at least 1.
pub fn retry_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// What can be added to an answer.
pub trait Reply: Sized {
    /// Sets a header, replacing an earlier one. A value that is no header text is left out and logged.
    #[must_use]
    fn with_header(self, name: HeaderName, value: &str) -> Self;

    /// As [`Reply::with_header`], for a value that must not be printed by `Debug`: a token.
    #[must_use]
    fn with_secret_header(self, name: HeaderName, value: &str) -> Self;

    /// Adds a `Set-Cookie`.
    #[must_use]
    fn with_cookie(self, cookie: &Cookie<'_>) -> Self;

    /// Sets `Retry-After`: [`retry_seconds`].
    #[must_use]
    fn with_retry_after(self, wait: Duration) -> Self;
}

impl Reply for Response {
    fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers_mut().insert(name, value);
            }
            Err(fault) => tracing::error!(header = %name, %fault, "header left out"),
        }
        self
    }

    fn with_secret_header(mut self, name: HeaderName, value: &str) -> Self {
        self = self.with_header(name.clone(), value);
        if let Some(value) = self.headers_mut().get_mut(name) {
            value.set_sensitive(true);
        }
        self
    }

    fn with_cookie(mut self, cookie: &Cookie<'_>) -> Self {
        match cookie.header() {
            Some(value) => {
                self.headers_mut().append(header::SET_COOKIE, value);
            }
            None => tracing::error!(cookie = cookie.name, "cookie left out"),
        }
        self
    }

    fn with_retry_after(self, wait: Duration) -> Self {
        self.with_header(header::RETRY_AFTER, &retry_seconds(wait).to_string())
    }
}
