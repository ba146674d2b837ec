//! The answer, in the asker's shape. The client outside sees a status, and at most where to sign in or how; the reason
//! is for the proxy.

use crate::Gate;
use crate::credentials::takes_basic;
use crate::decide::{Passed, Refused};
use crate::headers::{REASON, ROUTE, Told};
use crate::question::Question;
use crate::refusal::Refusal;
use axum::body::Body;
use doorward_web::{HeaderValue, Response, StatusCode, retry_seconds, without_secrets};
use http::{HeaderMap, header};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Passes any status on, redirects too.
    ForwardAuth,
    /// nginx: knows 2xx, 401 and 403; anything else is an error of its own.
    AuthRequest,
    /// Envoy: as forward-auth.
    ExtAuthz,
}

/// The challenge of a 401 (RFC 9110 §11.6.1). One scheme for every door: clients know which credential they hold.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"doorward\"");
/// Two challenges, where name and password are taken (RFC 7617 §2.1). In one line: a proxy that passes on the first line
/// only passes on both.
const CHALLENGES: HeaderValue =
    HeaderValue::from_static("Bearer realm=\"doorward\", Basic realm=\"doorward\", charset=\"UTF-8\"");

/// Renders a decision.
pub(crate) fn render(
    gate: &Gate,
    shape: Shape,
    question: &Question<'_>,
    decision: Result<Passed<'_>, Refused<'_>>,
) -> Response {
    match decision {
        Ok(Passed { found: Some(found), route }) => {
            let assertion = gate.assertion(&found, &route.name);
            let told =
                Told { who: &found.who, program: found.program.as_ref(), assertion, route: &route.told };
            empty(StatusCode::OK, gate.settings().headers.of(&told))
        }
        Ok(Passed { found: None, route }) => {
            let mut headers = gate.settings().headers.of_nobody();
            headers.insert(ROUTE, route.told.clone());
            empty(StatusCode::OK, headers)
        }
        Err(Refused { refusal, route }) => {
            tracing::info!(
                reason = refusal.word(),
                host = &*question.host,
                path = without_secrets(question.path),
                method = %question.method,
                address = %question.address(),
                "not let through"
            );
            let sign_in = route.and_then(|route| route.sign_in.as_ref());
            let wants_page = question.is_from_a_browser() && refusal.asks_to_sign_in();
            let mut response = refused(gate, shape, &refusal);
            if response.headers().contains_key(header::WWW_AUTHENTICATE) && takes_basic(gate, question) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGES);
            }
            if let Some(location) =
                sign_in.filter(|_| wants_page).and_then(|url| HeaderValue::from_str(url.as_str()).ok())
            {
                if shape != Shape::AuthRequest {
                    *response.status_mut() = StatusCode::FOUND;
                }
                response.headers_mut().insert(header::LOCATION, location);
            }
            response
        }
    }
}

/// Renders what was not a question.
pub(crate) fn misasked(gate: &Gate, shape: Shape, refusal: &Refusal) -> Response {
    tracing::warn!(
        reason = refusal.word(),
        "a proxy asked who is calling without saying what for; see docs/operators/verify.md"
    );
    refused(gate, shape, refusal)
}

fn refused(gate: &Gate, shape: Shape, refusal: &Refusal) -> Response {
    let status = match (shape, refusal.status()) {
        (Shape::AuthRequest, status) if status != StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
        (Shape::ForwardAuth | Shape::ExtAuthz | Shape::AuthRequest, status) => status,
    };
    let mut response = empty(status, gate.settings().headers.of_nobody());
    let headers = response.headers_mut();
    headers.insert(REASON, HeaderValue::from_static(refusal.word()));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
    }
    if let Some(wait) = refusal.retry_after() {
        headers.insert(header::RETRY_AFTER, retry_seconds(wait).into());
    }
    if let Some(host) = refusal.host().and_then(|host| HeaderValue::from_str(host).ok()) {
        headers.insert("x-doorward-home", host);
    }
    response
}

fn empty(status: StatusCode, headers: HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
