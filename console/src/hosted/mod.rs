//! Pages for somebody who is not signed in yet, or no more, in the name of a tenant.
//!
//! They work without JavaScript, ask nothing of other servers, and a code in a link is used up by pressing a button,
//! never by opening the page: mail scanners open links.

pub(crate) mod forgot;
pub(crate) mod password;
mod said;
pub(crate) mod validate;

use crate::asked::Asked;
use crate::pages::Pages;
use crate::trouble::{Trouble, problem, refused};
use doorward_core::{Branch, tenants};
use doorward_model::Slug;
use doorward_web::Response;

/// Characters of an address that are shown again; no address is longer (RFC 5321 §4.5.3.1).
const EMAIL_CHARS: usize = 254;

/// The open tenant of a path. What is unknown, closed or no slug at all is one answer.
async fn tenant(pages: &Pages, asked: &Asked, slug: &str) -> Result<Branch, Response> {
    let Ok(slug) = Slug::parse(slug) else { return Err(problem(asked, Trouble::NotFound)) };
    match tenants::by_slug(&pages.core, &slug).await {
        Ok(branch) if branch.is_open() => Ok(branch),
        Ok(_closed) => Err(problem(asked, Trouble::NotFound)),
        Err(fault) => Err(refused(asked, &fault)),
    }
}

fn sign_in_path(branch: &Branch) -> String {
    format!("/t/{}/sign-in", branch.tenant().slug)
}
