//! The console: what operators and administrators do, as pages.
//!
//! A file a subject; each parses, asks `core` on behalf of its visitor, and renders. Rights are the core's to decide: a page may
//! leave out what somebody may not do, and asking for it all the same is refused there. `frame.rs` is what stands around every
//! page, `trouble.rs` what is shown when something cannot be done, `prove.rs` the password before a dangerous step. Plain forms
//! do everything; there is no script (docs/decisions/plain-forms.md).

mod application;
mod applications;
mod chart;
mod choices;
mod danger;
mod doors;
mod events;
mod frame;
mod keys;
mod labels;
mod look;
mod mails;
mod meanwhile;
mod moving;
mod once;
mod operators;
mod overlap;
mod overview;
mod people;
mod person;
mod place;
mod policy;
mod prove;
mod say;
mod secret;
mod sessions;
mod sign_in;
mod tenant;
mod tenants;
mod terms;
mod trouble;
mod usage;
mod welcome;
mod when;
mod whence;
mod works;

pub(crate) use trouble::Trouble;

use crate::pages::Pages;
use axum::Router;
use axum::routing::{get, post};

/// Every page of the console.
pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/console", get(overview::show))
        .route("/console/welcome", get(welcome::show).post(welcome::accept))
        .route("/console/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/console/sign-out", post(sign_in::leave))
        .route("/console/tenants", get(tenants::list))
        .route("/console/tenants/new", get(tenants::new).post(tenants::create))
        .route("/console/tenants/{id}", get(tenant::show))
        .route("/console/tenants/{id}/edit", get(tenant::edit).post(tenant::save))
        .route("/console/tenants/{id}/policy", get(policy::show))
        .route("/console/tenants/{id}/policy/edit", get(policy::edit).post(policy::save))
        .route("/console/tenants/{id}/look", get(look::show).post(look::save))
        .route("/console/tenants/{id}/look/logo", get(look::show).post(look::save_logo))
        .route("/console/tenants/{id}/move", get(moving::ask).post(moving::move_there))
        .route("/console/tenants/{id}/close", get(tenant::ask).post(tenant::close))
        .route("/console/tenants/{id}/people", get(people::list))
        .route("/console/tenants/{id}/people/new", get(people::new).post(people::create))
        .route("/console/tenants/{id}/people/{person}", get(person::show))
        .route("/console/tenants/{id}/people/{person}/edit", get(person::edit).post(person::save))
        .route("/console/tenants/{id}/people/{person}/act", get(person::ask).post(person::act))
        .route("/console/tenants/{id}/people/{person}/places/new", get(place::new).post(place::give))
        .route("/console/tenants/{id}/people/{person}/places/{kind}", get(place::edit).post(place::save))
        .route(
            "/console/tenants/{id}/people/{person}/places/{kind}/take",
            get(place::ask_take).post(place::take),
        )
        .route("/console/tenants/{id}/applications", get(applications::list))
        .route("/console/tenants/{id}/applications/new", get(applications::new).post(applications::create))
        .route(
            "/console/tenants/{id}/applications/{application}",
            get(application::show).post(application::save),
        )
        .route(
            "/console/tenants/{id}/applications/{application}/act",
            get(application::ask).post(application::act),
        )
        .route("/console/tenants/{id}/applications/{application}/tokens", post(application::issue))
        .route("/console/tenants/{id}/keys", get(keys::list).post(keys::create))
        .route("/console/tenants/{id}/keys/{key}/act", get(keys::ask).post(keys::act))
        .route("/console/tenants/{id}/terms", get(terms::list).post(terms::publish))
        .route("/console/tenants/{id}/terms/{terms}", get(terms::consents))
        .route("/console/tenants/{id}/terms/{terms}/export/{format}", get(terms::file))
        .route("/console/tenants/{id}/events", get(events::of_tenant))
        .route("/console/tenants/{id}/events/{event}", get(events::one_of_tenant))
        .route("/console/tenants/{id}/events/export/{format}", get(events::file_of_tenant))
        .route("/console/events", get(events::of_house))
        .route("/console/events/{event}", get(events::one_of_house))
        .route("/console/events/export/{format}", get(events::file_of_house))
        .route("/console/tenants/{id}/works", get(works::of_tenant))
        .route("/console/tenants/{id}/works/import", get(works::import).post(works::check))
        .route("/console/tenants/{id}/works/export", post(works::begin_export))
        .route("/console/tenants/{id}/works/{work}", get(works::show))
        .route("/console/tenants/{id}/works/{work}/start", post(works::start))
        .route("/console/tenants/{id}/works/{work}/cancel", post(works::cancel))
        .route("/console/tenants/{id}/works/{work}/refused", get(works::refused))
        .route("/console/tenants/{id}/works/{work}/file/{format}", get(works::file))
        .route("/console/works", get(works::of_all))
        .route("/console/tenants/{id}/sessions", get(sessions::list).post(sessions::end))
        .route("/console/tenants/{id}/mails", get(mails::list).post(mails::try_again))
        .route("/console/tenants/{id}/usage", get(usage::list))
        .route("/console/tenants/{id}/usage/export/{format}", get(usage::file))
        .route("/console/tenants/{id}/usage/{sort}", get(usage::list_sort))
        .route("/console/tenants/{id}/usage/{sort}/{thing}", get(usage::show))
        .route("/console/tenants/{id}/usage/{sort}/{thing}/people/export/{format}", get(usage::people_file))
        .route("/console/doors", get(doors::list))
        .route("/console/doors/new", get(doors::new).post(doors::create))
        .route("/console/doors/{door}", get(doors::show).post(doors::save))
        .route("/console/doors/{door}/remove", get(doors::ask_remove).post(doors::remove))
        .route("/console/doors/{door}/try", get(doors::show_trial).post(doors::send_trial))
        .route("/console/doors/{door}/usage", get(usage::show_door))
        .route("/console/doors/{door}/usage/export/{format}", get(usage::trees_file))
        .route("/console/operators", get(operators::list))
        .route("/console/operators/new", get(operators::ask_invite).post(operators::invite))
        .route("/console/operators/links/{link}/withdraw", post(operators::withdraw))
        .route("/console/operators/password", post(operators::change_password))
        .route("/console/operators/{operator}/remove", get(operators::ask_remove).post(operators::remove))
}
