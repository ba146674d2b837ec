//! Pages that people use: the hosted pages of a tenant (`hosted/`), in their language (`words/`), in the tenant's name
//! and colour (`brand/`), the administrators' console (`admin/`), and one page for what goes wrong (`trouble.rs`). Who is signed in:
//! `visit/`.
//!
//! Pages parse and render; `core` decides. Every page works without JavaScript, asks nothing of other servers, and is
//! refused over plain HTTP from another machine. A new page extends `templates/page.html` or `templates/frame.html`:
//! see [`mod@frame`]. Its words go into `words/`, its colours come from `assets/css/tokens.css`.

mod admin;
mod asked;
mod assets;
mod brand;
mod form;
mod frame;
mod hosted;
mod language;
mod pages;

mod trouble;
mod unknown;
mod visit;
mod words;

pub use unknown::{is_browser, not_found, wrong_method};

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};
use doorward_core::Core;
use hosted::{forgot, password, validate};
use pages::Pages;

/// Every page, to be merged into the house. `allow_plain_http` shows them over plain HTTP to other machines, too: never in
/// production.
pub fn router(core: Core, allow_plain_http: bool) -> Router {
    let pages = Pages { core, allow_plain_http };
    let guard = middleware::from_fn_with_state(pages.clone(), visit::guard);
    Router::new()
        .merge(admin::router().route_layer(guard))
        .route("/reset", get(password::show_reset).post(password::finish_reset))
        .route("/invitation", get(password::show_invitation).post(password::accept_invitation))
        .route("/validate", get(validate::show).post(validate::confirm))
        .route("/t/{slug}/forgot", get(forgot::show).post(forgot::request))
        .route("/t/{slug}/brand.css", get(brand::stylesheet))
        .route("/language", post(language::choose))
        .merge(assets::router())
        .with_state(pages)
}
