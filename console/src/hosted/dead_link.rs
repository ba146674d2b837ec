//! A link that does not work any more: used, too old, or replaced by a newer one. Whoever holds one that was real is led on from it.

use super::said::said;
use super::{forgot_path, sign_in_path};
use crate::asked::Asked;
use crate::brand::Brand;
use crate::form::{Form, Link};
use crate::frame::{Frame, render};
use crate::trouble::{Trouble, page, problem, refused};
use askama::Template;
use axum::extract::State;
use doorward_core::tickets::{self, Spent};
use doorward_core::{Core, validation};
use doorward_model::{Purpose, Secret};
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "hosted/dead_link.html")]
struct DeadLink<'a> {
    frame: Frame,
    title: &'static str,
    text: &'static str,
    /// The code, where another like it can be asked for with it.
    code: Option<&'a str>,
    /// Addresses, and what stands on their buttons.
    ways: Vec<(String, &'static str)>,
}

/// The page that says so: in the name of the tenant that sent the link, with the way to what it was for; in Doorward's own where nobody
/// was sent it.
pub(crate) async fn dead_link(core: &Core, asked: &Asked, purpose: Purpose, code: &Secret) -> Response {
    let Spent { branch, is_done, .. } = match tickets::spent(core, purpose, code).await {
        Ok(Some(spent)) => spent,
        Ok(None) => return problem(asked, Trouble::BrokenLink),
        Err(fault) => return refused(asked, &fault),
    };
    let words = &asked.words().entry;
    let sign_in = (sign_in_path(&branch), words.back_to_sign_in);
    let forgot = (forgot_path(&branch), words.forgot_title);
    let (text, again, ways) = match (purpose, is_done) {
        (Purpose::Reset, _) => (words.dead_reset, false, vec![forgot, sign_in]),
        (Purpose::Invitation, true) => (words.dead_invitation_done, false, vec![sign_in]),
        (Purpose::Invitation, false) => (words.dead_invitation, false, vec![forgot]),
        (Purpose::Validation, true) => (words.dead_validation_done, false, vec![sign_in]),
        (Purpose::Validation, false) => (words.dead_validation, true, vec![sign_in]),
        (Purpose::EmailChange, _) => {
            let (path, called) = sign_in;
            (words.dead_email, false, vec![(format!("{path}?to=%2Faccount%2Femail"), called)])
        }
        // No page of ours is opened with these.
        (Purpose::SelfValidation | Purpose::SignIn, _) => return problem(asked, Trouble::BrokenLink),
    };
    // Not this page: its address holds a code, and a page that tells of trouble is copied and sent around (P16).
    let here = ways.first().map(|(path, _)| path.clone()).unwrap_or_default();
    let dead = DeadLink {
        frame: Frame { here, ..asked.frame(Some(Brand::of(&branch))) },
        title: asked.words().trouble.broken_link,
        text,
        code: again.then(|| code.expose()),
        ways,
    };
    render(StatusCode::BAD_REQUEST, &dead)
}

/// Mails another link to whom this one was for, at the address they have now, if that is not confirmed. The answer does not say whether
/// (P8).
pub(crate) async fn validate_again(State(core): State<Core>, form: Form) -> Response {
    let asked = &Asked { here: "/validate".to_owned(), ..form.asked.clone() };
    let Some(link) = Link::read(&form.fields) else { return problem(asked, Trouble::BrokenLink) };
    let spent = match tickets::spent(&core, Purpose::Validation, &link.code).await {
        Ok(Some(spent)) => spent,
        Ok(None) => return problem(asked, Trouble::BrokenLink),
        Err(fault) => return refused(asked, &fault),
    };
    let back = sign_in_path(&spent.branch);
    // This address is a form's and no page, so a choice of language leads to the sign-in.
    let asked = &Asked { here: back.clone(), ..asked.clone() };
    let brand = Some(Brand::of(&spent.branch));
    match validation::request(&core, &asked.caller, &spent.branch, spent.person).await {
        Ok(()) => {
            let words = &asked.words().entry;
            let text = (words.forgot_done, words.dead_validation_sent);
            said(asked, brand, text, Some((back, words.back_to_sign_in)))
        }
        Err(fault) => page(asked, brand, Trouble::of(&fault), Some(back)),
    }
}
