//! The peer: an axum handler that reads a cookie, hashes it, looks it up in a concurrent map and answers JSON. What any
//! team would write first; it checks nothing else, and can revoke nothing.

use super::world::token;
use crate::Result;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use dashmap::DashMap;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;

type Sessions = Arc<DashMap<[u8; 32], Arc<str>>>;

/// Serves until the process is ended.
pub(crate) fn serve(address: SocketAddr, sessions: u64) -> Result<()> {
    let known: Sessions = Arc::default();
    for number in 0..sessions {
        known.insert(hash(&token(number).to_string()), "ada.lovelace@load.example".into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let router = Router::new()
            .route("/verify/forward-auth", get(verify))
            .route("/readyz", get(|| async { StatusCode::OK }))
            .with_state(known);
        let listener = tokio::net::TcpListener::bind(address).await?;
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, router).await?;
        Ok(())
    })
}

async fn verify(
    State(known): State<Sessions>,
    headers: HeaderMap,
) -> std::result::Result<Json<Value>, StatusCode> {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    let token = cookies.and_then(|text| text.split("; ").find_map(|pair| pair.strip_prefix("salesseek=")));
    let found = token.and_then(|token| known.get(&hash(token)).map(|found| Arc::clone(&found)));
    found.map(|email| Json(json!({ "active": true, "email": &*email }))).ok_or(StatusCode::UNAUTHORIZED)
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
