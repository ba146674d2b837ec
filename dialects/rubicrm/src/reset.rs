//! `LoginReset` and `PasswordReset`: a forgotten password.
//!
//! The original hands the codes to whoever holds a key, which is the account. Here they go to servers that the tenant
//! trusts; for every other key the person gets a mail from us.

use crate::arguments::{EMAIL, ID, NEW_PASSWORD, UID, VAL};
use crate::auth::Admitted;
use crate::method::{Answer, Method};
use crate::{password, wire};
use doorward_core::links::LinkForm;
use doorward_core::passwords::reset::{self, Expected};
use doorward_core::{Error, people};
use doorward_model::{Email, Person, PersonId, PersonStatus, Secret, TicketId};
use doorward_web::{Call, Refusal};

#[derive(Clone, Copy)]
pub(crate) struct LoginReset;

impl Method for LoginReset {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let email = admitted.arguments.text(EMAIL)?;
        let uid = admitted.arguments.text(UID)?;
        let found = find(call, admitted, email, uid).await?;
        let (core, caller, branch) = (&call.core, &call.caller, &admitted.branch);
        if admitted.trusted_server().is_none() {
            // Whoever is found: an address that asks too often is told so alike for everybody.
            let whom = (email, found.as_ref().map(|person| person.id));
            reset::request_for(core, caller, branch, whom, LinkForm::RESET).await?;
        }
        let Some(person) = found else { return Answer::rows(None::<wire::LoginReset>) };
        let issued = match admitted.trusted_server() {
            Some(_) => Some(reset::issue(core, caller, branch, &person).await?),
            None => None,
        };
        let (val, id) =
            issued.map(|issued| (issued.code.expose().to_owned(), issued.ticket.to_string())).unzip();
        Answer::rows(Some(wire::LoginReset {
            uid: person.id.to_string(),
            login_verified: wire::is_verified(&person),
            password_reset_val: val,
            password_reset_id: id,
        }))
    }
}

/// Whoever has both this e-mail and this uid, here: neither alone tells whether the other is known.
async fn find(call: &Call, admitted: &Admitted, email: &str, uid: &str) -> Result<Option<Person>, Refusal> {
    let Some((email, uid)) = Email::parse(email).ok().zip(PersonId::parse(uid)) else { return Ok(None) };
    match people::member_of(&call.core, &admitted.branch, uid).await {
        Ok((person, _)) => {
            let is_meant = person.email.canonical() == email.canonical();
            Ok(Some(person).filter(|person| is_meant && person.status == PersonStatus::Active))
        }
        Err(Error::NotFound) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Clone, Copy)]
pub(crate) struct PasswordReset;

impl Method for PasswordReset {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let code = Secret::new(admitted.arguments.text(VAL)?);
        let id = TicketId::parse(admitted.arguments.text(ID)?);
        let new = admitted.arguments.text(NEW_PASSWORD)?;
        let new = password::perhaps_wrapped(NEW_PASSWORD.name(), new)?;
        let Some(id) = id else { return Ok(Answer::of(false)) };
        let expected = Expected { pool: Some(admitted.branch.pool()), person: None, ticket: Some(id) };
        match reset::finish(&call.core, &call.caller, &code, expected, new).await {
            Ok(_) => Ok(Answer::of(true)),
            Err(Error::CodeRefused) => Ok(Answer::of(false)),
            Err(fault) => Err(fault.into()),
        }
    }
}
