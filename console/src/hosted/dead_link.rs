//! A link that does not work any more: used, too old, or replaced by a newer one. Whoever holds one that was real is led on from it.

use super::{forgot_path, sign_in_path};
use crate::asked::Asked;
use crate::brand::Brand;
use crate::trouble::{Trouble, led_on, problem, refused};
use doorward_core::{Core, tickets};
use doorward_model::{Purpose, Secret};
use doorward_web::Response;

/// The page that says so: in the name of the tenant that sent the link, with the way to a new one; in Doorward's own where nobody
/// was sent it.
pub(crate) async fn dead_link(core: &Core, asked: &Asked, purpose: Purpose, code: &Secret) -> Response {
    let words = &asked.words().entry;
    match tickets::issued_at(core, purpose, code).await {
        Ok(Some(branch)) => {
            let onward = match purpose {
                Purpose::Reset => (forgot_path(&branch), words.forgot_title),
                Purpose::Validation
                | Purpose::SelfValidation
                | Purpose::Invitation
                | Purpose::SignIn
                | Purpose::EmailChange => (sign_in_path(&branch), words.back_to_sign_in),
            };
            led_on(asked, Some(Brand::of(&branch)), Trouble::BrokenLink, Some(onward))
        }
        Ok(None) => problem(asked, Trouble::BrokenLink),
        Err(fault) => refused(asked, &fault),
    }
}
