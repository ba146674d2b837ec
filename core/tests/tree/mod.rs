//! What these tests share: people who are signed in, and how a refusal is told.

use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, SignIn, SignedIn, Wanted};
use doorward_core::{Actor, Branch, Caller, Error, Identity, Result};
use doorward_model::{Kind, Role, Secret, SessionScheme};
use doorward_testkit::{House, PASSWORD};

/// A new administrator of this role, signed in.
pub(crate) async fn actor(house: &House, at: &Branch, role: Role) -> Actor {
    let email = format!("{}@{}.example", role.as_str(), at.tenant().slug);
    house.person(at, &email, Kind::Administrator, role).await;
    Actor::Person(Box::new(sign_in(house, at, &email).await))
}

/// Somebody known, signed in.
pub(crate) async fn sign_in(house: &House, at: &Branch, email: &str) -> Identity {
    try_sign_in(house, at, email).await.unwrap()
}

pub(crate) async fn try_sign_in(house: &House, at: &Branch, email: &str) -> Result<Identity> {
    try_sign_in_with(house, &house.caller, at, email, PASSWORD).await
}

pub(crate) async fn try_sign_in_with(
    house: &House,
    caller: &Caller,
    at: &Branch,
    email: &str,
    password: &str,
) -> Result<Identity> {
    signed_in_with(house, caller, at, email, password).await.map(|done| done.identity)
}

/// The whole outcome, token and all.
pub(crate) async fn signed_in_with(
    house: &House,
    caller: &Caller,
    at: &Branch,
    email: &str,
    password: &str,
) -> Result<SignedIn> {
    let kinds = &[Kind::Administrator, Kind::Member];
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: at.pool(), tenant: at.tenant().id, kinds },
        email: email.to_owned(),
        password: Secret::new(password),
        application: None,
        session: SessionWish::Open(SessionScheme::AuthToken),
    };
    match sign_in::with_password(&house.core, caller, attempt).await? {
        SignIn::Done(done) => Ok(*done),
        SignIn::Choose { .. } => Err(Error::Internal),
    }
}

pub(crate) fn is_not_allowed<T>(outcome: Result<T>) -> bool {
    matches!(outcome, Err(Error::NotAllowed))
}

pub(crate) fn is_not_found<T>(outcome: Result<T>) -> bool {
    matches!(outcome, Err(Error::NotFound))
}
