//! The house: Doorward's own surface, on hosts that are no door's: health, figures, public keys, the
//! management API, the demo's mailbox.

mod health;
mod mailbox;
mod metrics;

use crate::cell;
use crate::config::Config;
use crate::wiring::Wired;
use axum::Router;
use axum::extract::Request;
use doorward_console::Knocker;
use doorward_gate::Gate;
use doorward_web::{Response, StatusCode, reply};

/// Every route of the house.
pub(crate) fn router(wired: &Wired, config: &Config, gate: &Gate, knocker: Knocker) -> Router {
    let pages = doorward_console::Given { allow_plain_http: config.listen.allow_plain_http, knocker };
    let mut house = Router::new()
        .merge(health::router(wired.core.clone()))
        .merge(doorward_console::router(wired.core.clone(), pages))
        .merge(doorward_manage::router(wired.core.clone(), config.listen.allow_plain_http))
        .merge(doorward_gate::not_asked());
    if config.verify.assertions {
        house = house.merge(doorward_gate::jwks(&wired.core));
    }
    if let Some(channel) = &wired.channel {
        house = house.merge(cell::router(&wired.core, channel, config.listen.allow_plain_http));
    }
    if config.metrics.enabled {
        house = house.merge(metrics::router(wired, gate, config.metrics.allow.clone()));
    }
    if let Some(catcher) = &wired.catcher {
        house = house.merge(mailbox::router(catcher.clone()));
    }
    house.method_not_allowed_fallback(wrong_method).fallback(nothing_here)
}

async fn nothing_here(request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if doorward_console::is_browser(&parts.headers) {
        return doorward_console::not_found(&parts);
    }
    reply::json(StatusCode::NOT_FOUND, &serde_json::json!({ "error": "there is nothing at this address" }))
}

/// The router adds which methods are right.
async fn wrong_method(request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if doorward_console::is_browser(&parts.headers) {
        return doorward_console::wrong_method(&parts);
    }
    reply::empty(StatusCode::METHOD_NOT_ALLOWED)
}
