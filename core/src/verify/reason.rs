//! Why a caller is not let through, in the words that the contract has for it (verify.md: Refusals).

use super::life::Death;
use crate::Error;
use std::time::Duration;

/// Why a credential does not make its bearer somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Unknown, malformed, or of another scheme.
    Invalid,
    /// Its time is over.
    Expired,
    /// It was ended: with its person, its tenant, or for itself.
    Revoked,
    /// It is good at another route.
    WrongAudience,
    /// The pool lives in another region.
    Region {
        /// The host to call there.
        host: String,
    },
    /// Its tenant, or one above it, is suspended.
    TenantSuspended,
    /// A new password is required first.
    PasswordResetRequired,
    /// The program is disabled.
    ApplicationDisabled,
    /// Too many calls, or too many wrong ones from one address.
    Rate {
        /// When to try again.
        retry_after: Duration,
    },
    /// The store or the hash queue does not answer now.
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
}

/// Why a token leads nowhere for good, so that it need not be read again for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    Nobodys,
    Expired,
    Revoked,
}

impl Gone {
    /// `None` where the next moment may be another: a tenant is resumed, a program enabled, the database back.
    pub(super) fn of(reason: &Reason) -> Option<Self> {
        match reason {
            Reason::Invalid => Some(Self::Nobodys),
            Reason::Expired => Some(Self::Expired),
            Reason::Revoked => Some(Self::Revoked),
            Reason::WrongAudience
            | Reason::Region { .. }
            | Reason::TenantSuspended
            | Reason::PasswordResetRequired
            | Reason::ApplicationDisabled
            | Reason::Rate { .. }
            | Reason::Unavailable { .. } => None,
        }
    }
}

impl From<Gone> for Reason {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::Nobodys => Self::Invalid,
            Gone::Expired => Self::Expired,
            Gone::Revoked => Self::Revoked,
        }
    }
}

impl From<Death> for Reason {
    fn from(death: Death) -> Self {
        match death {
            Death::Expired => Self::Expired,
            Death::Ended => Self::Revoked,
            Death::TenantClosed => Self::TenantSuspended,
        }
    }
}

/// How long to wait before asking again after a fault of ours: it will not be over sooner.
const FAULT_RETRY: Duration = Duration::from_secs(5);

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        match error {
            Error::Throttled { retry_after } | Error::RateLimited { retry_after, .. } => {
                Self::Rate { retry_after }
            }
            Error::Unavailable { retry_after } | Error::HomeAway { retry_after } => {
                Self::Unavailable { retry_after }
            }
            // Asking again may help; taking it for a refusal would sign somebody out.
            Error::Internal => Self::Unavailable { retry_after: FAULT_RETRY },
            Error::WrongRegion { host } => Self::Region { host },
            Error::PasswordResetRequired => Self::PasswordResetRequired,
            Error::Invalid { .. }
            | Error::WrongCredentials
            | Error::NotSignedIn
            | Error::ApplicationRefused
            | Error::NotAllowed
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::PasswordRefused(_)
            | Error::CurrentPasswordWrong
            | Error::CodeRefused
            | Error::CallbackRefused => Self::Invalid,
        }
    }
}
