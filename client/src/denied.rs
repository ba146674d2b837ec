//! Why there is no identity: a caller was refused, or the question was not answered. Either way nobody passes.

use http::StatusCode;
use std::time::Duration;
use thiserror::Error;

/// When to try again, where Doorward did not say.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Why nobody passes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Denied {
    /// Doorward knows that this caller may not pass.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Nobody knows who is calling: something between the service and Doorward is broken.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
}

/// A caller who may not pass.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("refused: {}", .reason.word())]
pub struct Refused {
    /// Why. For logs; a caller is told the status and no more.
    pub reason: Reason,
    /// The host to call instead, with [`Reason::Region`].
    pub home: Option<String>,
    /// When to try again, with [`Reason::Rate`].
    pub retry_after: Option<Duration>,
}

/// Why a caller may not pass, in the words of `docs/operators/verify.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// There is no credential.
    None,
    /// The credential is unknown, malformed or forged.
    Invalid,
    /// Its time is over.
    Expired,
    /// It was ended.
    Revoked,
    /// Several that do not agree, or one given twice.
    Ambiguous,
    /// It is good at another host, or for another audience.
    WrongHost,
    /// The pool lives in another region.
    Region,
    /// A browser sent a cookie along for a page of somebody else's.
    CrossSite,
    /// They have not what the named route needs.
    Role,
    /// No route protects this.
    Route,
    /// Their tenant is suspended.
    TenantSuspended,
    /// They must set a new password first.
    PasswordResetRequired,
    /// The program is disabled.
    ApplicationDisabled,
    /// Too many calls, or too many wrong ones.
    Rate,
    /// The request or the question lacks a part, or has one that can be read in two ways.
    Metadata,
    /// A word that this version does not know.
    Other(String),
}

/// Why nobody knows who is calling.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unanswered {
    /// Doorward cannot be reached, or the connection broke.
    #[error("Doorward cannot be reached: {0}")]
    Away(String),
    /// It did not answer in time.
    #[error("Doorward did not answer in time")]
    Timeout,
    /// It answers, but cannot tell now.
    #[error("Doorward is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// This service may not ask: no token of the scope `verify`, and no line in `verify.askers`.
    #[error("Doorward does not let this service ask; see verify.askers and the scope verify")]
    AskerRefused,
    /// The answer is none that this version understands; perhaps the base URL leads somewhere else.
    #[error("that is no answer of Doorward's: {0}")]
    Garbage(String),
}

impl Denied {
    /// The status for the caller: 401, 403, 429 or 503.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refused) => refused.reason.status(),
            Self::Unanswered(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// When to try again, where trying again helps: with 429 and 503.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refused) => {
                (refused.reason == Reason::Rate).then(|| refused.retry_after.unwrap_or(RETRY_AFTER))
            }
            Self::Unanswered(Unanswered::Busy { retry_after }) => Some(*retry_after),
            Self::Unanswered(
                Unanswered::Away(_) | Unanswered::Timeout | Unanswered::AskerRefused | Unanswered::Garbage(_),
            ) => Some(RETRY_AFTER),
        }
    }
}

impl Refused {
    pub(crate) const fn of(reason: Reason) -> Self {
        Self { reason, home: None, retry_after: None }
    }
}

impl From<Reason> for Denied {
    fn from(reason: Reason) -> Self {
        Self::Refused(Refused::of(reason))
    }
}

impl Unanswered {
    pub(crate) fn busy(retry_after: Option<Duration>) -> Self {
        Self::Busy { retry_after: retry_after.unwrap_or(RETRY_AFTER) }
    }
}

impl Reason {
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "none" => Self::None,
            "invalid" => Self::Invalid,
            "expired" => Self::Expired,
            "revoked" => Self::Revoked,
            "ambiguous" => Self::Ambiguous,
            "wrong_host" => Self::WrongHost,
            "region" => Self::Region,
            "cross_site" => Self::CrossSite,
            "role" => Self::Role,
            "route" => Self::Route,
            "tenant_suspended" => Self::TenantSuspended,
            "password_reset_required" => Self::PasswordResetRequired,
            "application_disabled" => Self::ApplicationDisabled,
            "rate" => Self::Rate,
            "metadata" => Self::Metadata,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word of the contract.
    pub fn word(&self) -> &str {
        match self {
            Self::None => "none",
            Self::Invalid => "invalid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Ambiguous => "ambiguous",
            Self::WrongHost => "wrong_host",
            Self::Region => "region",
            Self::CrossSite => "cross_site",
            Self::Role => "role",
            Self::Route => "route",
            Self::TenantSuspended => "tenant_suspended",
            Self::PasswordResetRequired => "password_reset_required",
            Self::ApplicationDisabled => "application_disabled",
            Self::Rate => "rate",
            Self::Metadata => "metadata",
            Self::Other(word) => word,
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::None
            | Self::Invalid
            | Self::Expired
            | Self::Revoked
            | Self::Ambiguous
            | Self::WrongHost
            | Self::Region => StatusCode::UNAUTHORIZED,
            Self::CrossSite
            | Self::Role
            | Self::Route
            | Self::TenantSuspended
            | Self::PasswordResetRequired
            | Self::ApplicationDisabled
            | Self::Metadata
            // Whether signing in again would help is not known.
            | Self::Other(_) => StatusCode::FORBIDDEN,
            Self::Rate => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_contract_is_read_back_and_has_its_status() {
        for (status, words) in [
            (401, &["none", "invalid", "expired", "revoked", "ambiguous", "wrong_host", "region"][..]),
            (
                403,
                &[
                    "cross_site",
                    "role",
                    "route",
                    "tenant_suspended",
                    "password_reset_required",
                    "application_disabled",
                ],
            ),
            (403, &["metadata", "a_word_of_next_year"]),
            (429, &["rate"]),
        ] {
            for word in words {
                assert_eq!(Reason::of(word).word(), *word);
                assert_eq!(Denied::from(Reason::of(word)).status().as_u16(), status, "{word}");
            }
        }
    }

    #[test]
    fn only_what_may_change_by_itself_says_when_to_try_again() {
        assert_eq!(Denied::from(Reason::Invalid).retry_after(), None);
        assert_eq!(Denied::from(Reason::Rate).retry_after(), Some(RETRY_AFTER));
        for unanswered in [Unanswered::Timeout, Unanswered::AskerRefused, Unanswered::Away(String::new())] {
            let denied = Denied::from(unanswered);
            assert_eq!((denied.status().as_u16(), denied.retry_after()), (503, Some(RETRY_AFTER)));
        }
        let busy = Denied::from(Unanswered::busy(Some(Duration::from_secs(7))));
        assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)));
    }
}
