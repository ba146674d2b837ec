//! `/login`: e-mail and password in, token out. What is done with a token is in `current.rs`.

pub(crate) mod current;

use crate::auth::{Guest, TOKEN_HEADER};
use crate::links::Links;
use crate::wire::{Choice, Login, Place};
use crate::{hal, reach};
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, SignIn, SignedIn, Wanted};
use doorward_core::{Branch, Error};
use doorward_model::{Kind, SessionScheme};
use doorward_web::reply::Reply;
use doorward_web::{Call, Fields, Refusal, Response, StatusCode};

/// As whom people sign in where the path does not say: administrators first (dialects: "admins, then members").
const ANY: &[Kind] = &[Kind::Administrator, Kind::Member];
const ADMINISTRATOR: &[Kind] = &[Kind::Administrator];
const MEMBER: &[Kind] = &[Kind::Member];

pub(crate) async fn any(call: Call, guest: Guest) -> Result<Response, Refusal> {
    sign_in(&call, &guest, ANY).await
}

pub(crate) async fn administrator(call: Call, guest: Guest) -> Result<Response, Refusal> {
    sign_in(&call, &guest, ADMINISTRATOR).await
}

pub(crate) async fn member(call: Call, guest: Guest) -> Result<Response, Refusal> {
    sign_in(&call, &guest, MEMBER).await
}

async fn sign_in(call: &Call, guest: &Guest, kinds: &'static [Kind]) -> Result<Response, Refusal> {
    let wanted = wanted(guest, reach::wanted(call, guest, "id").await?.as_ref(), kinds);
    let attempt = attempt(call.body().await?, wanted, guest)?;
    match call.counted(sign_in::with_password(&call.core, &call.caller, attempt).await)? {
        SignIn::Done(done) => signed_in(call, &done),
        SignIn::Choose { person, places } => {
            let choice = Choice::new(&Links::of(call), &person, &places);
            Ok(hal::answer(call, StatusCode::BAD_REQUEST, &choice))
        }
    }
}

fn wanted(guest: &Guest, company: Option<&Branch>, kinds: &'static [Kind]) -> Wanted {
    match company {
        Some(branch) => Wanted::Tenant { pool: branch.pool(), tenant: branch.tenant().id, kinds },
        None => Wanted::Anywhere { pool: guest.application.pool, scope: guest.application.tenant, kinds },
    }
}

fn attempt(body: &Fields, wanted: Wanted, guest: &Guest) -> Result<PasswordAttempt, Refusal> {
    let required = |name: &str| Refusal::invalid(name, "is required");
    Ok(PasswordAttempt {
        wanted,
        email: body.required_text("email")?.to_owned(),
        password: body.secret("password")?.ok_or_else(|| required("password"))?,
        application: Some(guest.application.id),
        session: SessionWish::Open(SessionScheme::AuthToken),
    })
}

/// 201: client SDKs keep the token only then.
fn signed_in(call: &Call, done: &SignedIn) -> Result<Response, Refusal> {
    let identity = &done.identity;
    let token = done.token.as_ref().ok_or(Error::Internal)?;
    let place = Place::new(&identity.person, &identity.branch, &done.membership);
    let body = Login::new(&Links::of(call), place, Some(token));
    Ok(hal::answer(call, StatusCode::CREATED, &body).with_secret_header(TOKEN_HEADER, token.expose()))
}
