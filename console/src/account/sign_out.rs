//! Signing out, and the page that says so.

use super::own::{Sent, WHERE};
use crate::asked::Asked;
use crate::brand::Brand;
use crate::hosted::{said, sign_in_path, tenant};
use crate::pages::Pages;
use crate::trouble::refused;
use crate::visit::{clear, see_other};
use axum::extract::{Path, State};
use doorward_core::{Error, browser};
use doorward_web::Response;

pub(super) async fn leave(Sent { own, .. }: Sent) -> Response {
    match browser::sign_out(&own.core, own.caller(), &own.visitor).await {
        Ok(()) | Err(Error::NotSignedIn) => {
            let gone = format!("/t/{}/signed-out", own.identity.branch.tenant().slug);
            clear(see_other(&gone), own.asked.secure)
        }
        Err(fault) => refused(&own.asked, &fault),
    }
}

pub(super) async fn gone(asked: Asked) -> Response {
    let words = &asked.words().entry;
    let onward = Some((WHERE.to_owned(), words.sign_in_again));
    said::said(&asked, None, (words.signed_out, words.signed_out_text), onward)
}

pub(super) async fn gone_from(
    State(pages): State<Pages>,
    asked: Asked,
    Path(slug): Path<String>,
) -> Response {
    match tenant(&pages, &asked, &slug).await {
        Ok(branch) => {
            let words = &asked.words().entry;
            let onward = Some((sign_in_path(&branch), words.sign_in_again));
            let brand = Some(Brand::of(&branch));
            said::said(&asked, brand, (words.signed_out, words.signed_out_text), onward)
        }
        Err(response) => response,
    }
}
