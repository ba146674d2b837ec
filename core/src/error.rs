//! What a request can come to besides success: about fifteen meanings that a client would treat differently.
//!
//! What a client must not tell apart is merged here, once: an unknown account, a wrong password and a disabled
//! account are all [`Error::WrongCredentials`]. Each door turns every meaning into its own words in one match.

use doorward_model::{RateLimit, password};
use std::time::Duration;
use thiserror::Error;

/// Why an operation did not do what was asked. No variant carries a secret.
#[derive(Debug, Error)]
pub enum Error {
    /// A field is missing, malformed or out of range.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field in the core's words.
        field: &'static str,
        /// What was expected.
        problem: String,
    },
    /// Unknown account, wrong password, inactive account, other tenant: one answer (P8).
    #[error("wrong credentials")]
    WrongCredentials,
    /// No session, or one that is unknown, expired or ended.
    #[error("not signed in")]
    NotSignedIn,
    /// The calling program is unknown, disabled, or its key is wrong.
    #[error("application refused")]
    ApplicationRefused,
    /// Signed in, inside the right tree, without the right to do this.
    #[error("not allowed")]
    NotAllowed,
    /// Nothing of that name here; also the answer for what exists in another pool (P13).
    #[error("not found")]
    NotFound,
    /// The name, number or e-mail is taken.
    #[error("{field}: {problem}")]
    Conflict {
        /// The field in the core's words.
        field: &'static str,
        /// What stands in the way.
        problem: String,
    },
    /// A new password breaks a rule (P5).
    #[error(transparent)]
    PasswordRefused(#[from] password::Refused),
    /// The current password, asked for to confirm a change, is wrong.
    #[error("the current password does not match")]
    CurrentPasswordWrong,
    /// A one-time code is malformed, unknown, used, expired, or of another purpose or person.
    #[error("the code is not valid any more")]
    CodeRefused,
    /// A callback that the tenant's list does not allow (P12).
    #[error("the callback is not on the list of allowed addresses")]
    CallbackRefused,
    /// The session may do nothing but set a new password.
    #[error("a new password is required first")]
    PasswordResetRequired,
    /// Too many failures; the same for known and unknown accounts (P7).
    #[error("too many attempts")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// A key's window is full.
    #[error("more than {} calls in {} s", limit.calls, limit.window.as_secs())]
    RateLimited {
        /// The limit in force.
        limit: RateLimit,
        /// When the next call passes.
        retry_after: Duration,
    },
    /// The pool lives elsewhere.
    #[error("this account is served by {host}")]
    WrongRegion {
        /// The host to call instead.
        host: String,
    },
    /// The hash queue is full, or the store does not answer now (P18, P22).
    #[error("busy, try again in {} s", retry_after.as_secs().max(1))]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
    /// The pool's home is another cell, and it does not answer now. Whether the credentials are good is not known.
    #[error("the home region of this account does not answer, try again in {} s", retry_after.as_secs().max(1))]
    HomeAway {
        /// When to try again.
        retry_after: Duration,
    },
    /// A fault of ours. Logged once where it arose; outside, only the request id is shown.
    #[error("internal error")]
    Internal,
}

/// The result of every operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A field that is missing, malformed or out of range.
    pub fn invalid(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { field, problem: problem.into() }
    }

    /// A name that is taken.
    pub fn conflict(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Conflict { field, problem: problem.into() }
    }

    /// Logs a fault of ours where it arose and hides it.
    pub fn internal(what: &'static str, fault: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, fault = %fault, "internal error");
        Self::Internal
    }
}

/// How long a caller is told to wait while the store or the hash queue recovers: long enough to matter, short enough
/// that nobody gives up.
const STORE_RETRY: Duration = Duration::from_secs(5);

impl From<doorward_store::Error> for Error {
    fn from(fault: doorward_store::Error) -> Self {
        use doorward_store::Error as Store;
        match &fault {
            Store::Unavailable { .. } | Store::ReadOnly | Store::Full => {
                tracing::error!(fault = %fault, "the store does not answer");
                Self::Unavailable { retry_after: STORE_RETRY }
            }
            Store::Constraint { .. } | Store::BrokenRow { .. } | Store::Fault(_) => {
                Self::internal("store", &fault)
            }
        }
    }
}

impl From<doorward_crypto::password::HashRefused> for Error {
    fn from(refused: doorward_crypto::password::HashRefused) -> Self {
        use doorward_crypto::password::HashRefused as Hash;
        match refused {
            Hash::Full { retry_after } => Self::Unavailable { retry_after },
            Hash::Stopped => Self::Unavailable { retry_after: STORE_RETRY },
            Hash::Broken(fault) => Self::internal("hash queue", &fault),
        }
    }
}
