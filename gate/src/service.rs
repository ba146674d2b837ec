//! `POST /verify`: services ask in JSON, one question or up to a hundred, about whole requests or bare credentials.
//! Routes are not consulted: a service asks who is calling, and decides itself what they may do.
//!
//! It is answered ahead of `web`, so what `web` sees to for doors is asked of it here: the limits, the headers, and that a
//! panic stays inside.

mod asked;
mod asker;
mod told;

pub(crate) use asker::brings_a_token;

use crate::Gate;
use crate::decide::identify;
use crate::refusal::Refusal;
use asked::{Asked, Entry};
use axum::body::Body;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{
    Connection, Response, StatusCode, Unread, contain, harden, limits, read_bytes, retry_seconds,
};
use http::{Method, Request, header};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::time::Duration;

/// Questions of one batch (verify.md).
const BATCH: usize = 100;
/// The largest body: a hundred requests with generous headers.
const BODY_BYTES: usize = 512 * 1024;

/// When to come again after an answer that took too long.
const BUSY: Duration = Duration::from_secs(1);

pub(crate) async fn answer(gate: &Gate, request: Request<Body>, from: Connection) -> Response {
    // What contains it boxes it too: it is large, and a proxy's question, asked far more often, would have to carry its room.
    let told = tokio::time::timeout(limits::HANDLER_TIME, contain(tell(gate, request, from)));
    let mut response = match told.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("an answer to a service panicked");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
        }
        Err(_) => problem(StatusCode::SERVICE_UNAVAILABLE, "busy, try again").with_retry_after(BUSY),
    };
    harden(response.headers_mut(), from.tls);
    response
}

async fn tell(gate: &Gate, request: Request<Body>, from: Connection) -> Response {
    if request.method() != Method::POST {
        let refused = problem(StatusCode::METHOD_NOT_ALLOWED, "POST the question as JSON");
        return refused.with_header(header::ALLOW, "POST");
    }
    if let Err(refused) = asker::admit(gate, from, request.headers()).await {
        return refused;
    }
    let peer = from.peer.ip();
    let (head, body) = request.into_parts();
    let body = match read_bytes(&head.headers, body, BODY_BYTES).await {
        Ok(body) => body,
        Err(unread) => return problem(status(unread), &unread.to_string()),
    };
    let asked: Asked = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &format!("{SHAPES} ({error})")),
    };
    match asked {
        Asked::One(entry) => reply::json(StatusCode::OK, &one(gate, *entry, peer).await),
        Asked::Several(entries) if entries.len() > BATCH => {
            problem(StatusCode::BAD_REQUEST, "ask about 100 at most in one batch")
        }
        Asked::Several(entries) => {
            let mut told = Vec::with_capacity(entries.len());
            for entry in entries {
                told.push(one(gate, entry, peer).await);
            }
            reply::json(StatusCode::OK, &Value::Array(told))
        }
    }
}

const SHAPES: &str = "expected {\"method\", \"url\", \"headers\"} or {\"credential\": {\"kind\", \"value\", …}}, or a list of these";

async fn one(gate: &Gate, entry: Entry, peer: IpAddr) -> Value {
    active(gate, entry, peer).await.unwrap_or_else(|refusal| refused(&refusal))
}

async fn active(gate: &Gate, mut entry: Entry, peer: IpAddr) -> Result<Value, Refusal> {
    let audience = entry.take_audience()?;
    let original = entry.original(gate)?;
    let found = identify(gate, &original.question(gate, peer)?, audience.as_deref()).await?;
    let mut told = told::identity(&found);
    let Some(audience) = audience else { return Ok(told) };
    // A route's name stands for what the route needs: asking for it here is no way around that.
    let mut named = gate.settings().routes.iter().filter(|route| route.name == audience).peekable();
    if named.peek().is_some() && !named.any(|route| route.lets_in(&found.who)) {
        return Err(Refusal::Role);
    }
    let assertion = gate.assertion(&found, &audience);
    if let (Some(Ok(text)), Some(object)) = (assertion.as_ref().map(|it| it.to_str()), told.as_object_mut()) {
        object.insert("assertion".to_owned(), text.into());
    }
    Ok(told)
}

fn refused(refusal: &Refusal) -> Value {
    let mut told = json!({ "active": false, "reason": refusal.word() });
    if let (Some(host), Some(object)) = (refusal.host(), told.as_object_mut()) {
        object.insert("home".to_owned(), host.into());
    }
    if let (Some(wait), Some(object)) = (refusal.retry_after(), told.as_object_mut()) {
        object.insert("retry_after".to_owned(), retry_seconds(wait).into());
    }
    told
}

fn status(unread: Unread) -> StatusCode {
    match unread {
        Unread::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Unread::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Unread::BrokenOff => StatusCode::BAD_REQUEST,
    }
}

fn problem(status: StatusCode, error: &str) -> Response {
    reply::json(status, &json!({ "error": error }))
}
