//! Pages that people use. Until the hosted sign-in comes: one plain form each for a reset, an invitation and a
//! validation link.
//!
//! Pages parse and render; `core` decides. They work without JavaScript, ask nothing of other servers, and a code in a
//! link is used up by pressing a button, never by opening the page: mail scanners open links.

mod admin;
mod assets;
mod form;
mod page;
mod pages;
mod password;
mod say;
mod validate;
mod visit;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use doorward_core::Core;
use pages::Pages;

/// Every page, to be merged into the house.
pub fn router(core: Core, allow_plain_http: bool) -> Router {
    let pages = Pages { core, allow_plain_http };
    let guard = middleware::from_fn_with_state(pages.clone(), visit::guard);
    Router::new()
        .merge(admin::router().route_layer(guard))
        .route("/reset", get(password::show_reset).post(password::finish_reset))
        .route("/invitation", get(password::show_invitation).post(password::accept_invitation))
        .route("/validate", get(validate::show).post(validate::confirm))
        .route("/assets/pages.css", get(page::style))
        .with_state(pages)
}
