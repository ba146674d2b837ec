//! What is shown when something cannot be done.

use crate::say::{message, nothing_here, unavailable};
use crate::visit::see_other;
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
        match self.0 {
            Error::NotSignedIn => see_other("/console/sign-in"),
            Error::NotAllowed | Error::WrongCredentials | Error::ApplicationRefused => message(
                StatusCode::FORBIDDEN,
                "This is not yours to do",
                "Your account has no right to this. Ask whoever administers your organisation if you need it.",
            ),
            Error::PasswordResetRequired => message(
                StatusCode::FORBIDDEN,
                "Choose a new password first",
                "Your administrator asked you to. Use \"forgot password\" where you sign in, then come back.",
            ),
            Error::NotFound | Error::CodeRefused => nothing_here(),
            Error::WrongRegion { host } => message(
                StatusCode::MISDIRECTED_REQUEST,
                "This organisation lives in another region",
                &format!("Please sign in at {host}."),
            ),
            error @ (Error::Invalid { .. }
            | Error::Conflict { .. }
            | Error::PasswordRefused(_)
            | Error::CallbackRefused
            | Error::CurrentPasswordWrong) => message(
                StatusCode::UNPROCESSABLE_ENTITY,
                "That did not work",
                &format!("{error}. Nothing was changed."),
            ),
            Error::Throttled { retry_after }
            | Error::RateLimited { retry_after, .. }
            | Error::Unavailable { retry_after }
            | Error::HomeAway { retry_after } => unavailable(retry_after),
            Error::Internal => message(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on our side",
                "Nothing was changed as far as we know. Please try again; if it happens again, tell whoever runs this server.",
            ),
        }
    }
}
