//! Pages that people use: the hosted pages of a tenant (`hosted/`), in their language (`words/`), in the tenant's name
//! and colour (`brand/`); what somebody sees and changes of themselves (`account/`); the administrators' console (`admin/`);
//! and one page for what goes wrong (`trouble.rs`). Who is signed in: `visit/`.
//!
//! Pages parse and render; `core` decides. Every page works without JavaScript, asks nothing of other servers, and is
//! refused over plain HTTP from another machine. A page in a reader's language extends `templates/page.html` or
//! `templates/frame.html` (`frame.rs`); its words go into `words/`, its colours come from `assets/css/tokens.css`.

mod account;
mod admin;
mod asked;
mod assets;
mod brand;
mod device;
mod form;
mod frame;
mod hosted;
mod knock;
mod language;
mod pages;
mod trouble;
mod unknown;
mod visit;
mod words;

pub use knock::Knocker;
pub use unknown::{is_browser, not_found, wrong_method};

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};
use doorward_core::Core;
use pages::Pages;

/// What pages are given besides the core.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Shows them over plain HTTP to other machines, too: never in production.
    pub allow_plain_http: bool,
    /// Led to the doors once they are there.
    pub knocker: Knocker,
}

/// Every page, to be merged into the house.
pub fn router(core: Core, given: Given) -> Router {
    let Given { allow_plain_http, knocker } = given;
    let pages = Pages { core, allow_plain_http, knocker };
    let guard = middleware::from_fn_with_state(pages.clone(), visit::guard);
    Router::new()
        .merge(admin::router().merge(account::router()).route_layer(guard))
        .merge(hosted::router())
        .merge(assets::router())
        .route("/language", post(language::choose))
        .route("/t/{slug}/brand.css", get(brand::stylesheet))
        .route("/t/{slug}/logo.png", get(brand::logo))
        .with_state(pages)
}
