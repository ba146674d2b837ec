//! `/healthz`: the process answers. `/readyz`: it can do its work.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use doorward_core::{Core, installation};
use doorward_web::{Response, StatusCode, reply};
use serde_json::json;

pub(super) fn router(core: Core) -> Router {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(core)
}

async fn alive() -> Response {
    reply::json(StatusCode::OK, &json!({ "status": "ok" }))
}

/// Reads the database: a server that cannot should get no traffic.
async fn ready(State(core): State<Core>) -> Response {
    match installation::list_regions(&core).await {
        Ok(_) => reply::json(StatusCode::OK, &json!({ "status": "ready" })),
        Err(_away) => {
            reply::json(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "the database does not answer" }))
        }
    }
}
