//! What is shown when something cannot be done.

use crate::trouble;
use crate::visit::{SIGN_IN, see_other};
use axum::response::IntoResponse;
use doorward_core::Error;
use doorward_web::{Refusal, Response, StatusCode, retry_seconds};

/// A page, or why there is none.
pub(crate) type Page = Result<Response, Trouble>;

/// Why a page cannot be shown.
#[derive(Debug)]
pub(crate) struct Trouble(Error);

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Refusal> for Trouble {
    /// A query or a form that no page of ours makes.
    fn from(_: Refusal) -> Self {
        Self(Error::NotFound)
    }
}

/// What the one who filled in a form can mend, in words to stand above it; everything else is a page of its own.
pub(crate) fn mendable(error: Error) -> Result<String, Trouble> {
    match error {
        Error::Invalid { field, problem } | Error::Conflict { field, problem } => {
            Ok(format!("{}: {problem}.", spoken(field)))
        }
        Error::PasswordRefused(reason) => Ok(format!("Please choose another password: {reason}.")),
        Error::CurrentPasswordWrong => Ok("That is not your password. Nothing was changed.".to_owned()),
        Error::Throttled { retry_after } | Error::RateLimited { retry_after, .. } => {
            Ok(format!("Too many tries. Please wait {} seconds, then try again.", retry_seconds(retry_after)))
        }
        other @ (Error::WrongCredentials
        | Error::NotSignedIn
        | Error::ApplicationRefused
        | Error::NotAllowed
        | Error::NotFound
        | Error::CodeRefused
        | Error::CallbackRefused
        | Error::PasswordResetRequired
        | Error::WrongRegion { .. }
        | Error::Unavailable { .. }
        | Error::HomeAway { .. }
        | Error::Internal) => Err(Trouble(other)),
    }
}

/// How a form is answered: as what it is, or as not processed when something in it must be mended.
pub(crate) fn status(problem: &Option<String>) -> StatusCode {
    if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// A field's name as people say it.
fn spoken(field: &str) -> String {
    let mut words = field.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        if matches!(self.0, Error::NotSignedIn) {
            see_other(SIGN_IN)
        } else if matches!(self.0, Error::PasswordResetRequired) {
            see_other("/account/password")
        } else {
            trouble::Trouble::of(&self.0).into_response()
        }
    }
}
