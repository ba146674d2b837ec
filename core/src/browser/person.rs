//! People of a tenant.

use crate::sign_in::{self, PasswordAttempt, SessionWish, SignIn, SignedIn, Wanted};
use crate::{Branch, Caller, Core, Error, Result};
use doorward_model::{Kind, Secret, SessionScheme};

/// As what somebody signs in, the first that fits: as the one who may do most, since these pages are for all of them.
const KINDS: &[Kind] = &[Kind::Administrator, Kind::User, Kind::Contact, Kind::Member];

/// Signs someone in at a tenant's own page; the session is a browser's (12 h, or 30 min unused: P10).
///
/// Errors: as of [`sign_in::with_password`].
pub async fn person(
    core: &Core,
    caller: &Caller,
    branch: &Branch,
    email: String,
    password: Secret,
) -> Result<SignedIn> {
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: branch.pool(), tenant: branch.tenant().id, kinds: KINDS },
        email,
        password,
        application: None,
        session: SessionWish::Open(SessionScheme::Browser),
    };
    match sign_in::with_password(core, caller, attempt).await? {
        SignIn::Done(done) => Ok(*done),
        // A sign-in to one tenant leads to one.
        SignIn::Choose { .. } => Err(Error::WrongCredentials),
    }
}
