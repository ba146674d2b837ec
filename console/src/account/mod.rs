//! `/account`: what somebody may see and change of themselves. A page a file; `own.rs` is who they are, `rooms.rs` what stands
//! around every page. Each page parses, asks `core` in its person's name, and renders.

mod data;
mod email;
mod keys;
mod mails;
mod own;
mod password;
mod rooms;
mod sign_ins;
mod sign_out;
mod terms;
mod whose;

use crate::pages::Pages;
use crate::visit::way_back;
use axum::Router;
use axum::routing::{get, post};
use doorward_core::{Core, Identity};
use rooms::Room;

/// Every page of an account, and those that lead there.
pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/account", get(sign_ins::show))
        .route("/account/sign-ins/end", post(sign_ins::end))
        .route("/account/sign-ins/end-others", post(sign_ins::end_others))
        .route("/account/password", get(password::show).post(password::change))
        .route("/account/email", get(email::show).post(email::request))
        .route("/email", get(email::open).post(email::confirm))
        .route("/account/mails", get(mails::show).post(mails::save))
        .route("/account/keys", get(keys::show))
        .route("/account/keys/calendar", post(keys::rotate))
        .route("/account/data", get(data::show))
        .route("/account/data.json", get(data::download))
        .route("/account/terms", get(terms::show).post(terms::agree))
        .route("/account/sign-in", get(whose::show).post(whose::lead))
        .route("/account/sign-out", post(sign_out::leave))
        .route("/signed-out", get(sign_out::gone))
        .route("/t/{slug}/signed-out", get(sign_out::gone_from))
}

/// Where somebody goes who has just signed in: to what is asked of them, else to the page that led them to the sign-in.
pub(crate) async fn first(core: &Core, identity: &Identity, to: &str) -> String {
    if identity.person.password_reset_required {
        return own::PASSWORD.to_owned();
    }
    let to = way_back(to).unwrap_or(Room::SignIns.path());
    let terms = terms::asked_for(core, identity, to).await;
    // They are signed in, however busy it is; the account finds its way by itself.
    terms.unwrap_or_else(|_busy| Some(Room::SignIns.path().to_owned())).unwrap_or_else(|| to.to_owned())
}

/// A page that leads on to another of ours. The first page of an account is where it leads anyway.
fn with_way_back(page: &str, to: &str) -> String {
    match way_back(to).filter(|to| *to != Room::SignIns.path()) {
        Some(to) => {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("to", to).finish();
            format!("{page}?{query}")
        }
        None => page.to_owned(),
    }
}
