//! Services that may ask from anywhere: they show a token of the scope `verify` instead of coming from a known network.

use crate::credentials::bearer;
use crate::refusal::Refusal;
use crate::{Gate, not_asked};
use doorward_core::application_tokens::VERIFY_SCOPE;
use doorward_core::verify::{self, Reason};
use doorward_model::{Secret, TOKEN_PREFIX};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Connection, Response, StatusCode};
use http::{HeaderMap, Method, Request, header};
use serde_json::json;

/// Whether a request asks at `POST /verify` with a token of ours. Other machines' tokens must come over TLS: in the
/// clear, whoever listens could ask afterwards.
pub(crate) fn brings_a_token<B>(request: &Request<B>, from: Connection) -> bool {
    let is_private = from.tls || from.peer.ip().to_canonical().is_loopback();
    let is_ours = |token: &str| token.starts_with(TOKEN_PREFIX);
    let is_asked = request.method() == Method::POST && matches!(request.uri().path(), "/verify" | "/verify/");
    is_asked && is_private && token(request.headers()).is_some_and(is_ours)
}

/// Lets an asker ask: one that comes from a known network, or has a good token of the scope.
pub(super) async fn admit(gate: &Gate, from: Connection, headers: &HeaderMap) -> Result<(), Response> {
    // What a proxy passes on is asked by whoever is behind it, however near the proxy is.
    if gate.may_ask(from) && !is_passed_on(headers) {
        return Ok(());
    }
    let token = token(headers).map(Secret::new).ok_or_else(not_asked::refused)?;
    // Its own token is the asker's to guess.
    let address = Some(from.peer.ip());
    match verify::by_token(gate.core(), address, &token, None).await.map_err(Refusal::from) {
        Ok(who) if who.scopes().iter().any(|scope| **scope == *VERIFY_SCOPE) => Ok(()),
        Ok(_) => Err(not_asked::refused()),
        // Whether it may ask cannot be told now; taking that for a refusal would send its owner looking for a new token.
        Err(Refusal::Credential(Reason::Unavailable { retry_after })) => {
            let refused =
                reply::json(StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": "busy, try again" }));
            Err(refused.with_retry_after(retry_after))
        }
        Err(Refusal::Credential(Reason::Rate { retry_after })) => {
            let error = "too many wrong tokens from this address, try again later";
            let refused = reply::json(StatusCode::TOO_MANY_REQUESTS, &json!({ "error": error }));
            Err(refused.with_retry_after(retry_after))
        }
        Err(_) => Err(not_asked::refused()),
    }
}

/// What proxies write on what they pass on; one that writes none of it cannot be told from a service.
const PASSED_ON: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

fn is_passed_on(headers: &HeaderMap) -> bool {
    PASSED_ON.iter().any(|name| headers.contains_key(*name))
}

/// The bearer token of a request; one given twice is none.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().and_then(bearer::token),
        (Some(_), Some(_)) | (None, _) => None,
    }
}
