//! What comes back: an answer for people and programs alike, or a refusal in one sentence.

use crate::cli::Failure;
use doorward_core::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What came of a command. Not `Debug`: it may hold a new secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct Answer {
    /// For a terminal, with its last line break.
    pub text: String,
    /// For a program (`--json`).
    pub data: Value,
}

/// One line of the socket's answer; progress may come several times before the end.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    /// So far.
    Progress(u64, u64),
    /// The end.
    Done(Answer),
    /// The end.
    Refused(Failure),
}

impl Reply {
    pub(super) fn of(outcome: Result<Answer, Failure>) -> Self {
        match outcome {
            Ok(answer) => Self::Done(answer),
            Err(failure) => Self::Refused(failure),
        }
    }
}

/// A refusal of the core as a sentence; `what` names what was not found.
pub(super) fn sentence(error: Error, what: &str) -> Failure {
    let logged = |sentence: &str| Failure::new(sentence).hint("The log says more.");
    match error {
        Error::NotFound => Failure::new(format!("There is no {what}.")),
        Error::NotAllowed => Failure::new(format!("This may not be done to {what}.")),
        Error::Invalid { field, problem } | Error::Conflict { field, problem } => {
            Failure::new(format!("{field}: {problem}."))
        }
        Error::PasswordRefused(reason) => Failure::new(format!("{reason}.")),
        Error::Unavailable { .. } => logged("The database or the hash queue does not answer now; try again."),
        Error::Internal => logged("Doorward failed to do this."),
        other @ (Error::WrongCredentials
        | Error::NotSignedIn
        | Error::ApplicationRefused
        | Error::CurrentPasswordWrong
        | Error::CodeRefused
        | Error::CallbackRefused
        | Error::PasswordResetRequired
        | Error::Throttled { .. }
        | Error::RateLimited { .. }
        | Error::HomeAway { .. }
        | Error::WrongRegion { .. }) => Failure::new(format!("{other}.")),
    }
}
