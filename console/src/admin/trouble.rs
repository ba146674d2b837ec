//! What is shown when something cannot be done.

use super::labels::spoken;
use crate::trouble;
use crate::visit::{SIGN_IN, see_other};
use crate::words::{Words, wait};
use axum::response::IntoResponse;
use doorward_core::Error;
use doorward_model::Language;
use doorward_web::{Refusal, Response, StatusCode};

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
            let span = wait(Words::of(Language::En), retry_after);
            Ok(format!("Too many tries. Please wait {span}, then try again."))
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
