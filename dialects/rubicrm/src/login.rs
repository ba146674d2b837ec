//! `Login`: e-mail and Base64 password in, the contact and perhaps a session out.

use crate::arguments::{EMAIL, PASSWORD};
use crate::auth::Admitted;
use crate::method::{Answer, Method};
use crate::{password, wire};
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, SignIn, SignedIn, Wanted};
use doorward_core::{Error, consent, validation};
use doorward_model::{Kind, SessionScheme};
use doorward_web::{Call, Refusal};

/// As whom people sign in here; administrators of a parent reach down.
const KINDS: &[Kind] = &[Kind::Contact, Kind::User, Kind::Administrator];

/// Only once the address is verified and the tenant allows it.
pub(crate) const SESSION: SessionWish = SessionWish::OnceVerified(SessionScheme::DoorwardSession);

#[derive(Clone, Copy)]
pub(crate) struct Login;

impl Method for Login {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let arguments = &admitted.arguments;
        let attempt = PasswordAttempt {
            wanted: wanted(admitted),
            email: arguments.text(EMAIL)?.to_owned(),
            password: password::plain(PASSWORD.name(), arguments.text(PASSWORD)?)?,
            application: admitted.application.as_ref().map(|application| application.id),
            session: SESSION,
        };
        match call.counted(sign_in::with_password(&call.core, &call.caller, attempt).await)? {
            SignIn::Done(done) => show(call, *done).await,
            SignIn::Choose { .. } => Err(Error::WrongCredentials.into()),
        }
    }
}

async fn show(call: &Call, done: SignedIn) -> Result<Answer, Refusal> {
    let SignedIn { identity, membership, token } = done;
    let person = &identity.person;
    let codes = validation::codes(&call.core, &call.caller, person, identity.tenant()).await?;
    let consented = consent::is_given(&call.core, &identity.branch, person.id).await?;
    let contact = wire::Contact::new(&call.core, &identity, &membership).await?;
    let row = wire::Login::new(contact, &identity, membership, consented, codes);
    Ok(Answer::rows(Some(row))?.with_session(token))
}

/// The tenant of this call, by a place there or above it.
pub(crate) fn wanted(admitted: &Admitted) -> Wanted {
    let tenant = admitted.branch.tenant();
    Wanted::Tenant { pool: tenant.pool, tenant: tenant.id, kinds: KINDS }
}
