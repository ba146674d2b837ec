//! The console: what operators and administrators do, as pages.
//!
//! A file a subject; each parses, asks `core` on behalf of its visitor, and renders. Rights are the core's to decide: a page may
//! leave out what somebody may not do, and asking for it all the same is refused there. `frame.rs` is what stands around every
//! page, `trouble.rs` what is shown when something cannot be done, `prove.rs` the password before a dangerous step. Plain forms
//! do everything; a script makes lists quicker to search and changes nothing else.

mod danger;
mod frame;
mod overview;
mod people;
mod person;
mod prove;
mod say;
mod sign_in;
mod tenant;
mod tenants;
mod trouble;
mod welcome;
mod when;

pub(crate) use trouble::Trouble;

use crate::pages::Pages;
use axum::Router;
use axum::routing::get;

/// Every page of the console.
pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/console", get(overview::show))
        .route("/console/welcome", get(welcome::show).post(welcome::accept))
        .route("/console/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/console/sign-out", axum::routing::post(sign_in::leave))
        .route("/console/tenants", get(tenants::list))
        .route("/console/tenants/new", get(tenants::new).post(tenants::create))
        .route("/console/tenants/{id}", get(tenant::show))
        .route("/console/tenants/{id}/edit", get(tenant::edit).post(tenant::save))
        .route("/console/tenants/{id}/close", get(tenant::ask).post(tenant::close))
        .route("/console/tenants/{id}/people", get(people::list))
        .route("/console/tenants/{id}/people/new", get(people::new).post(people::create))
        .route("/console/tenants/{id}/people/{person}", get(person::show))
        .route("/console/tenants/{id}/people/{person}/edit", get(person::edit).post(person::save))
        .route("/console/tenants/{id}/people/{person}/act", get(person::ask).post(person::act))
}
