//! Who sits in front of a page: the cookie in, a visitor out.
//!
//! `guard.rs` stands before their pages (transport, forms of other sites, what went wrong); `cookie.rs` has their cookies;
//! `already.rs` knows them again at a sign-in, `return_to.rs` leads strangers to it. A handler that
//! takes a [`Visit`] is reached by signed-in visitors only: everybody else is led to the sign-in and back again.

mod already;
mod cookie;
mod guard;
mod posted;
mod return_to;
mod uploaded;
mod viewing;

pub(crate) use already::{Already, already};
use cookie::keep_place;
pub(crate) use cookie::{clear, keep, last_place};
pub(crate) use guard::guard;
pub(crate) use posted::Posted;
pub(crate) use return_to::{LOST, to_sign_in, wanted_page};
pub(crate) use uploaded::Uploaded;
pub(crate) use viewing::Viewing;

use crate::admin::Trouble;
pub(crate) use crate::frame::see_other;
use crate::pages::Pages;
use axum::extract::FromRequestParts;
use axum::response::IntoResponse as _;
use doorward_core::browser::{self, Visitor};
use doorward_core::{Actor, Caller, Core, Error, once};
use doorward_model::{Secret, Slug, Timestamp};
use doorward_web::{Arrival, Response};
use http::request::Parts;
use uuid::Uuid;

/// A signed-in visitor's request.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) core: Core,
    pub(crate) caller: Caller,
    pub(crate) visitor: Visitor,
    /// Whether the browser came over TLS: which cookie it has.
    pub(crate) secure: bool,
    pub(crate) now: Timestamp,
    /// Names the forms of the page that this is answered with (`admin/once.rs`).
    pub(crate) forms: Uuid,
}

impl Visit {
    /// On whose behalf what they ask for is done.
    pub(crate) fn actor(&self) -> Actor {
        self.visitor.actor()
    }
}

impl FromRequestParts<Pages> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        match find(parts, pages).await {
            Ok(Some(visit)) => Ok(visit),
            Ok(None) | Err(Error::NotSignedIn) => Err(to_sign_in(SIGN_IN, parts)),
            Err(other) => Err(Trouble::from(other).into_response()),
        }
    }
}

/// Whoever sits there; `None` for a stranger.
///
/// Errors: [`Error::NotSignedIn`] for a cookie that is good no more; [`Error::Unavailable`].
pub(crate) async fn find(parts: &Parts, pages: &Pages) -> Result<Option<Visit>, Error> {
    let Some(arrival) = parts.extensions.get::<Arrival>() else { return Ok(None) };
    let Some(token) = cookie::sent(&parts.headers, arrival.secure) else { return Ok(None) };
    let visitor = browser::visitor(&pages.core, &token).await?;
    Ok(Some(Visit {
        now: pages.core.now(),
        forms: once::form_name(&pages.core)?,
        core: pages.core.clone(),
        caller: arrival.caller.clone(),
        visitor,
        secure: arrival.secure,
    }))
}

/// Where strangers who ask for the console are led.
pub(crate) const SIGN_IN: &str = "/console/sign-in";

/// A page of ours that somebody may be sent to after signing in; `None` for anything else a link might name.
pub(crate) fn way_back(to: &str) -> Option<&str> {
    let is_ours = |root: &str| {
        to.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let is_plain = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (is_plain && !to.contains("//") && (is_ours("/console") || is_ours("/account"))).then_some(to)
}

/// Leads on with the cookie of a session that was just opened.
pub(crate) fn signed_in(to: &str, token: &Secret, secure: bool) -> Response {
    keep(see_other(to), token, secure)
}

/// The same for a person: the browser remembers at which tenant.
pub(crate) fn signed_in_at(place: &Slug, to: &str, token: &Secret, secure: bool) -> Response {
    keep_place(signed_in(to, token, secure), place, secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for ours in ["/console", "/console/tenants?cursor=a%20b", "/account/sessions", "/account?x=1"] {
            assert_eq!(way_back(ours), Some(ours));
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "/console//evil.example",
            "https://evil.example/console",
            "/consoles",
            "/\\evil.example",
            "/console\\..",
            "/console\r\nset-cookie: a",
            "/console/ x",
            "javascript:alert(1)",
        ] {
            assert_eq!(way_back(other), None, "{other:?}");
        }
    }
}
