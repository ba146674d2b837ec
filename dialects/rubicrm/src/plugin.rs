//! `PluginCreateLoginToken` and `PluginSubmitLoginToken`: signing in without a password, through a trusted server.

use crate::arguments::{EMAIL, ID, UID, VAL};
use crate::auth::Admitted;
use crate::email_check::login_token;
use crate::login::{SESSION, wanted};
use crate::method::{Answer, Method};
use crate::wire;
use doorward_core::Error;
use doorward_core::sign_in::SignedIn;
use doorward_core::sign_in::code::{self, CodeAttempt};
use doorward_core::tickets::Told;
use doorward_model::{PersonId, Secret, TicketId};
use doorward_web::{Call, Refusal};

#[derive(Clone, Copy)]
pub(crate) struct CreateLoginToken;

impl Method for CreateLoginToken {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let server = admitted.trusted_server().ok_or(Error::NotAllowed)?;
        login_token(call, admitted, server, admitted.arguments.text(EMAIL)?).await
    }
}

#[derive(Clone, Copy)]
pub(crate) struct SubmitLoginToken;

impl Method for SubmitLoginToken {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let server = admitted.trusted_server().ok_or(Error::NotAllowed)?;
        let arguments = &admitted.arguments;
        let (uid, val, id) = (arguments.text(UID)?, arguments.text(VAL)?, arguments.text(ID)?);
        // An id that cannot be one is a wrong code.
        let (person, id) = PersonId::parse(uid).zip(TicketId::parse(id)).ok_or(Error::WrongCredentials)?;
        let told = Told { id, code: Secret::new(val) };
        let attempt = CodeAttempt { wanted: wanted(admitted), person, told, session: SESSION };
        let signed_in = code::with_code(&call.core, &call.caller, server, attempt).await;
        let SignedIn { identity, membership, token } = call.counted(signed_in)?;
        let contact = wire::Contact::new(&call.core, &identity, &membership).await?;
        Ok(Answer::rows(Some(wire::TokenLogin::new(contact, membership)))?.with_session(token))
    }
}
