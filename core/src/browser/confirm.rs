//! Proving anew who one is, before a dangerous step.

use super::{Visitor, operator, person, sign_out};
use crate::{Caller, Core, Error, Result, tenants};
use doorward_model::Secret;

/// Checks the password of whoever sits in front of a page, as a sign-in of the same account to the same place: counted and
/// throttled like one. The new session takes the old one's place (OWASP session management, "renew the session ID after any
/// privilege level change"); its token goes into the cookie.
///
/// Errors: [`Error::CurrentPasswordWrong`]; [`Error::Throttled`]; [`Error::Unavailable`].
pub async fn confirm(
    core: &Core,
    caller: &Caller,
    visitor: &Visitor,
    password: Secret,
) -> Result<(Visitor, Secret)> {
    let (anew, token) = again(core, caller, visitor, password).await.map_err(|error| match error {
        Error::WrongCredentials => Error::CurrentPasswordWrong,
        other => other,
    })?;
    match sign_out(core, caller, visitor).await {
        // Ended meanwhile, here or elsewhere; the new one was opened with the password.
        Ok(()) | Err(Error::NotSignedIn) => Ok((anew, token)),
        Err(other) => Err(other),
    }
}

async fn again(
    core: &Core,
    caller: &Caller,
    visitor: &Visitor,
    password: Secret,
) -> Result<(Visitor, Secret)> {
    match visitor {
        Visitor::Operator(it) => {
            let (anew, token) = operator(core, caller, it.operator.email.as_written(), password).await?;
            Ok((Visitor::Operator(anew), token))
        }
        Visitor::Person(identity) => {
            let branch = tenants::by_id(core, identity.pool(), identity.tenant()).await?;
            let email = identity.person.email.as_written().to_owned();
            let done = person(core, caller, &branch, email, password).await?;
            let token = done.token.ok_or(Error::NotSignedIn)?;
            Ok((Visitor::Person(Box::new(done.identity)), token))
        }
    }
}
