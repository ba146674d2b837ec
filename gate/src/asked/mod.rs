//! The shapes in which proxies ask. Each file reads the original request from where its proxies put it.

mod auth_request;
mod ext_authz;
mod forward_auth;

use crate::answer::{self, Shape};
use crate::decide::decide;
use crate::question::Question;
use crate::refusal::Refusal;
use crate::{Gate, service};
use axum::body::Body;
use doorward_web::{Connection, Response, StatusCode, host_name, reply};
use http::{Method, Request, request};
use std::net::IpAddr;

pub(crate) async fn answer(gate: &Gate, request: Request<Body>) -> Response {
    let path = request.uri().path();
    let shape = match path {
        "/verify" | "/verify/" => return service::answer(gate, request).await,
        "/verify/forward-auth" => Shape::ForwardAuth,
        "/verify/auth-request" => Shape::AuthRequest,
        _ if path == ext_authz::PREFIX || path.starts_with("/verify/ext-authz/") => Shape::ExtAuthz,
        _ => return reply::json(StatusCode::NOT_FOUND, &serde_json::json!({ "error": UNKNOWN })),
    };
    let (parts, _) = request.into_parts();
    let question = match shape {
        Shape::ForwardAuth => forward_auth::question(gate, &parts),
        Shape::AuthRequest => auth_request::question(gate, &parts),
        Shape::ExtAuthz => ext_authz::question(gate, &parts),
    };
    match question {
        Ok(question) => answer::render(gate, shape, &question, decide(gate, &question).await),
        Err(refusal) => answer::misasked(gate, shape, &refusal),
    }
}

const UNKNOWN: &str =
    "ask at /verify/forward-auth, /verify/auth-request, /verify/ext-authz/… or POST /verify";

/// The asker's address, and the client's as the asker says it: the rightmost hop that is no proxy of ours.
fn addresses(gate: &Gate, parts: &request::Parts) -> Result<(IpAddr, Option<IpAddr>), Refusal> {
    let connection: Connection = parts.extensions.get().copied().ok_or(Refusal::Metadata)?;
    let asker = connection.peer.ip().to_canonical();
    let client = gate.proxies().client_address(connection, &parts.headers);
    Ok((asker, Some(client).filter(|client| *client != asker)))
}

fn method(text: Option<&str>) -> Result<Method, Refusal> {
    text.and_then(|text| Method::from_bytes(text.as_bytes()).ok()).ok_or(Refusal::Metadata)
}

/// A question about a path and query at a host.
fn about<'a>(
    gate: &Gate,
    parts: &'a request::Parts,
    method: Method,
    host: &str,
    target: &'a str,
) -> Result<Question<'a>, Refusal> {
    let host = host_name(host).map_err(|_| Refusal::Metadata)?;
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let door = gate.core().doors().resolve(&host);
    let (asker, client) = addresses(gate, parts)?;
    Ok(Question { method, host, path, query, headers: &parts.headers, client, asker, door })
}
