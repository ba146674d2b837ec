//! RubiCRM: e-mail and Base64 password, validation, consent (`README.md` beside this crate).
//!
//! `routes()` is the map of the folder. A call comes in one of two framings (`framing.rs`) with parameters by name or by
//! position (`arguments.rs`); `auth.rs` finds tenant and application by its API key; `method.rs` runs a method and puts
//! its answer, or its refusal (`error.rs`), back into the framing it came in. One file per family of methods.

mod arguments;
mod auth;
mod email_check;
mod error;
mod framing;
mod login;
mod method;
mod password;
mod plugin;
mod reset;
mod user_actions;
mod validation;
mod wire;

pub use auth::{Access, Guest};

use arguments::{CALL_TYPE, EMAIL, ID, NEW_PASSWORD, PASSWORD, UID, UPDATE_VALUES, VAL};
use auth::Who;
use doorward_web::{Call, CallContext, CorsPolicy, Dialect, Refusal, Response, Route};
use framing::Framing;
use std::borrow::Cow;

/// The RubiCRM dialect.
#[derive(Debug)]
pub struct Rubicrm;

impl Dialect for Rubicrm {
    const NAME: &'static str = doorward_model::Dialect::Rubicrm.as_str();
    type Access = Access;
    type Guest = Guest;

    fn routes() -> Vec<Route<Self>> {
        let key = |parameters| Access { who: Who::Key, parameters };
        let server = |parameters| Access { who: Who::TrustedServer, parameters };
        let own = |parameters| Access { who: Who::ThemselvesOrTrustedServer, parameters };
        vec![
            method::route(
                "/api/Login",
                key(&[EMAIL, PASSWORD]),
                login::Login,
                "Sign in with e-mail and password",
            ),
            method::route(
                "/api/Validation",
                key(&[VAL, ID]),
                validation::Validation,
                "Verify an address with the codes of a login answer",
            ),
            method::route(
                "/api/LoginReset",
                key(&[EMAIL, UID]),
                reset::LoginReset,
                "Ask for a password reset",
            ),
            method::route(
                "/api/PasswordReset",
                key(&[VAL, ID, NEW_PASSWORD]),
                reset::PasswordReset,
                "Set a new password with the codes of a reset",
            ),
            method::route(
                "/api/EmailCheck",
                key(&[EMAIL]),
                email_check::EmailCheck,
                "Whether an address is known; nothing for keys that are not trusted",
            ),
            method::route(
                "/api/UserActions",
                own(&[UID, CALL_TYPE, UPDATE_VALUES]),
                user_actions::UserActions,
                "Consent to the terms, or change one's names",
            ),
            method::route(
                "/api/PluginCreateLoginToken",
                server(&[EMAIL]),
                plugin::CreateLoginToken,
                "A code that signs a contact in without a password",
            ),
            method::route(
                "/api/PluginSubmitLoginToken",
                server(&[UID, VAL, ID]),
                plugin::SubmitLoginToken,
                "Sign in with that code",
            ),
        ]
    }

    async fn admit(access: Access, call: &mut Call) -> Result<Guest, Refusal> {
        auth::admit(access, call).await
    }

    /// What is refused before the framing of the call is known: so the answer says it in the HTTP status, too, as the
    /// named framing does.
    fn refuse(refusal: &Refusal, _: &CallContext) -> Response {
        error::render(Framing::Named, refusal)
    }

    async fn cors(call: &CallContext) -> CorsPolicy {
        auth::cors(call).await
    }

    /// `/api/Login`, `/Login`, `/API/login/`: one method.
    fn normalise_path(path: &str) -> Cow<'_, str> {
        let path = path.to_ascii_lowercase();
        let path = path.strip_suffix('/').unwrap_or(&path);
        let method = path.strip_prefix("/api").filter(|rest| rest.starts_with('/'));
        Cow::Owned(method.unwrap_or(path).to_owned())
    }
}
