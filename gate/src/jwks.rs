//! `/.well-known/jwks.json` on Doorward's own hosts: the public keys that check assertions (RFC 7517, RFC 8037).

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use doorward_core::Core;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use http::header;
use serde_json::{Value, json};

/// RFC 7517 §8.5.
const CONTENT_TYPE: &str = "application/jwk-set+json";
/// Five minutes: whoever meets an unknown `kid` asks again anyhow, and a key that was withdrawn is gone soon.
const CACHE_CONTROL: &str = "public, max-age=300";

/// The keys, to be merged into the house.
pub fn router(core: &Core) -> Router {
    Router::new().route("/.well-known/jwks.json", get(show)).with_state(core.clone())
}

async fn show(State(core): State<Core>) -> Response {
    let keys: Vec<Value> = core
        .assertion_keys()
        .published(core.now())
        .map(|key| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "x": key.x, "kid": key.kid, "alg": "EdDSA", "use": "sig",
            })
        })
        .collect();
    let set = json!({ "keys": keys }).to_string();
    reply::content(StatusCode::OK, CONTENT_TYPE, set).with_header(header::CACHE_CONTROL, CACHE_CONTROL)
}
