//! `POST /verify`: services ask in JSON, one question or up to a hundred, about whole requests or bare credentials.
//! Routes are not consulted: a service asks who is calling, and decides itself what they may do.

mod asked;
mod asker;
mod told;

pub(crate) use asker::brings_a_token;

use crate::Gate;
use crate::decide::identify;
use crate::refusal::Refusal;
use asked::{Asked, Entry};
use axum::body::Body;
use doorward_web::{Connection, Response, StatusCode, reply};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Limited};
use serde_json::{Value, json};
use std::net::IpAddr;

/// Questions of one batch (verify.md).
const BATCH: usize = 100;
/// The largest body: a hundred requests with generous headers.
const BODY_BYTES: usize = 512 * 1024;

pub(crate) async fn answer(gate: &Gate, request: Request<Body>, from: Connection) -> Response {
    if request.method() != Method::POST {
        return problem(StatusCode::METHOD_NOT_ALLOWED, "POST the question as JSON");
    }
    if let Err(refused) = asker::admit(gate, from, request.headers()).await {
        return refused;
    }
    let peer = from.peer.ip();
    let Ok(body) = Limited::new(request.into_body(), BODY_BYTES).collect().await else {
        return problem(StatusCode::PAYLOAD_TOO_LARGE, "the question is longer than 512 KiB, or broke off");
    };
    let asked: Asked = match serde_json::from_slice(&body.to_bytes()) {
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
    let original = entry.original()?;
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
        object.insert("retry_after".to_owned(), wait.as_secs().max(1).into());
    }
    told
}

fn problem(status: StatusCode, error: &str) -> Response {
    reply::json(status, &json!({ "error": error }))
}
