//! `GET /demo/mail`: what the demo's mail catcher caught, newest last.

use crate::mail::Catcher;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use doorward_web::{Response, StatusCode, reply};

pub(super) fn router(catcher: Catcher) -> Router {
    Router::new().route("/demo/mail", get(show)).with_state(catcher)
}

async fn show(State(catcher): State<Catcher>) -> Response {
    reply::json(StatusCode::OK, &catcher.mails())
}
