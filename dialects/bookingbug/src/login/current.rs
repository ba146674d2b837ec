//! The current login: reading it, taking it to another company, ending it.

use super::{ADMINISTRATOR, ANY, MEMBER};
use crate::auth::Guest;
use crate::hal::{self, Link};
use crate::links::Links;
use crate::reach;
use crate::wire::{Login, Place};
use doorward_core::{Branch, Error, Identity, sessions, sign_out};
use doorward_model::Kind;
use doorward_web::{Call, Refusal, Response, StatusCode};
use serde_json::json;

pub(crate) async fn any(call: Call, guest: Guest) -> Result<Response, Refusal> {
    show(&call, &guest, ANY).await
}

pub(crate) async fn administrator(call: Call, guest: Guest) -> Result<Response, Refusal> {
    show(&call, &guest, ADMINISTRATOR).await
}

pub(crate) async fn member(call: Call, guest: Guest) -> Result<Response, Refusal> {
    show(&call, &guest, MEMBER).await
}

/// Takes the token to another company of its tree; the token stays the same.
pub(crate) async fn switch(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let to = reach::wanted(&call, &guest, "company_id").await?;
    let to = to.ok_or_else(|| Refusal::invalid("company_id", "is required"))?;
    let moved = sessions::switch_tenant(&call.core, &call.caller, guest.identity()?, &to, ANY).await?;
    let place = standing(&moved, &moved.branch, ANY).ok_or(Error::NotAllowed)?;
    Ok(render(&call, &guest, StatusCode::OK, place))
}

/// Ends the token. Clients parse the answer, so it is an object.
pub(crate) async fn end(call: Call, guest: Guest) -> Result<Response, Refusal> {
    sign_out::sign_out(&call.core, &call.caller, guest.identity()?).await?;
    let own = Link::to(Links::of(&call).base_login(None));
    let body = json!({ "message": "You are signed out.", "_links": { "self": own } });
    Ok(hal::answer(&call, StatusCode::OK, &body))
}

async fn show(call: &Call, guest: &Guest, kinds: &[Kind]) -> Result<Response, Refusal> {
    let identity = guest.identity()?;
    let named = match call.path("company_id") {
        "" => None,
        _ => Some(reach::reached(call, guest).await?.0),
    };
    let branch = named.as_ref().unwrap_or(&identity.branch);
    let place = standing(identity, branch, kinds).ok_or(Error::NotAllowed)?;
    Ok(render(call, guest, StatusCode::OK, place))
}

/// A login's body for whoever is signed in; the token is repeated only to a client that sent it in the header.
pub(crate) fn render(call: &Call, guest: &Guest, status: StatusCode, place: Place<'_>) -> Response {
    hal::answer(call, status, &Login::new(&Links::of(call), place, guest.token.as_ref()))
}

/// As what someone stands in a company: the first of the kinds they have a place of that reaches it, with the
/// strongest role.
pub(crate) fn standing<'a>(identity: &'a Identity, branch: &'a Branch, kinds: &[Kind]) -> Option<Place<'a>> {
    kinds.iter().find_map(|kind| {
        let places = identity.memberships.iter().filter(|p| p.kind == *kind && branch.contains(p.tenant));
        let role = places.map(|place| place.role).min()?;
        Some(Place { person: &identity.person, branch, kind: *kind, role })
    })
}
