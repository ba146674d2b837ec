//! `EmailCheck`: whether an address is known. Only servers that the tenant trusts are told; others see no row.

use crate::arguments::EMAIL;
use crate::auth::Admitted;
use crate::login::wanted;
use crate::method::{Answer, Method};
use crate::wire::LoginToken;
use doorward_core::sign_in::code;
use doorward_model::Application;
use doorward_web::{Call, Refusal};

#[derive(Clone, Copy)]
pub(crate) struct EmailCheck;

impl Method for EmailCheck {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let email = admitted.arguments.text(EMAIL)?;
        match admitted.trusted_server() {
            Some(server) => login_token(call, admitted, server, email).await,
            None => Answer::rows(None::<LoginToken>),
        }
    }
}

/// None or one row, with a code that signs the contact in.
pub(crate) async fn login_token(
    call: &Call,
    admitted: &Admitted,
    server: &Application,
    email: &str,
) -> Result<Answer, Refusal> {
    let found = code::recognise(&call.core, &call.caller, server, wanted(admitted), email).await?;
    match found {
        Some(found) => Answer::rows(Some(LoginToken::new(&call.core, &admitted.branch, &found).await?)),
        None => Answer::rows(None::<LoginToken>),
    }
}
