//! What somebody is told who asks and may not: nothing of anybody, and what to do about it.

use axum::Router;
use axum::routing::any;
use doorward_web::{Response, StatusCode, reply};
use serde_json::json;

/// `/verify…` on Doorward's own hosts, for peers that may not ask.
pub fn router() -> Router {
    Router::new().route("/verify", any(refuse)).route("/verify/{*rest}", any(refuse))
}

async fn refuse() -> Response {
    refused()
}

pub(crate) fn refused() -> Response {
    let error = "only configured proxies and services may ask who is calling; add this one to verify.askers, or \
                 give the service a token of the scope verify";
    reply::json(StatusCode::UNAUTHORIZED, &json!({ "error": error }))
}
