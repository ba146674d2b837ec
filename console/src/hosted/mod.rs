//! Pages for somebody who is not signed in yet, or no more, in the name of a tenant.
//!
//! They work without JavaScript, ask nothing of other servers, and a code in a link is used up by pressing a button,
//! never by opening the page: mail scanners open links.

mod dead_link;
mod forgot;
pub(crate) mod password;
pub(crate) mod said;
mod sign_in;
mod validate;

pub(crate) use dead_link::dead_link;
use dead_link::validate_again;

use crate::asked::Asked;
use crate::pages::Pages;
use crate::trouble::{Trouble, problem, refused};
use axum::Router;
use axum::routing::{get, post};
use doorward_core::{Branch, Core, tenants};
use doorward_model::{Slug, Ticket};
use doorward_web::Response;
use said::EMAIL_CHARS;

pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/reset", get(password::show_reset).post(password::finish_reset))
        .route("/invitation", get(password::show_invitation).post(password::accept_invitation))
        .route("/validate", get(validate::show).post(validate::confirm))
        .route("/validate/again", post(validate_again))
        .route("/t/{slug}/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/t/{slug}/forgot", get(forgot::show).post(forgot::request))
}

/// The open tenant of a path. What is unknown, closed or no slug at all is one answer.
pub(crate) async fn tenant(pages: &Pages, asked: &Asked, slug: &str) -> Result<Branch, Response> {
    let Ok(slug) = Slug::parse(slug) else { return Err(problem(asked, Trouble::NotFound)) };
    match tenants::by_slug(&pages.core, &slug).await {
        Ok(branch) if branch.is_open() => Ok(branch),
        Ok(_closed) => Err(problem(asked, Trouble::NotFound)),
        Err(fault) => Err(refused(asked, &fault)),
    }
}

/// The open tenant that sent a link which still works. A closed one has no pages.
pub(crate) async fn sender(core: &Core, asked: &Asked, ticket: &Ticket) -> Result<Branch, Response> {
    match tenants::by_id(core, ticket.pool, ticket.tenant).await {
        Ok(branch) if branch.is_open() => Ok(branch),
        Ok(_closed) => Err(problem(asked, Trouble::BrokenLink)),
        Err(fault) => Err(refused(asked, &fault)),
    }
}

pub(crate) fn forgot_path(branch: &Branch) -> String {
    format!("/t/{}/forgot", branch.tenant().slug)
}

pub(crate) fn sign_in_path(branch: &Branch) -> String {
    format!("/t/{}/sign-in", branch.tenant().slug)
}
