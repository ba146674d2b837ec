//! Why somebody is not let through, with the status and the word the contract has for it.

use doorward_core::verify::Reason;
use http::StatusCode;
use std::time::Duration;

/// Why a request is not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No credential at all.
    None,
    /// Several credentials that do not agree, or one given twice.
    Ambiguous,
    /// A good credential at another tenant's host.
    WrongHost,
    /// A cookie that a browser sent along for a page of somebody else's.
    CrossSite,
    /// Somebody, without the right to this route.
    Role,
    /// No route protects this; nothing is let through by default.
    Route,
    /// The question itself is missing a part, or has one that cannot be read.
    Metadata,
    /// The credential is worth nothing here.
    Credential(Reason),
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::Credential(reason)
    }
}

impl Refusal {
    /// The status for whoever asked.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::None | Self::Ambiguous | Self::WrongHost => StatusCode::UNAUTHORIZED,
            Self::CrossSite | Self::Role | Self::Route => StatusCode::FORBIDDEN,
            Self::Metadata => StatusCode::BAD_REQUEST,
            Self::Credential(reason) => match reason {
                Reason::Invalid
                | Reason::Expired
                | Reason::Revoked
                | Reason::WrongAudience
                | Reason::Region { .. } => StatusCode::UNAUTHORIZED,
                Reason::TenantSuspended | Reason::PasswordResetRequired | Reason::ApplicationDisabled => {
                    StatusCode::FORBIDDEN
                }
                Reason::Rate { .. } => StatusCode::TOO_MANY_REQUESTS,
                Reason::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }

    /// The word for the proxy's header and the log.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Ambiguous => "ambiguous",
            Self::WrongHost => "wrong_host",
            Self::CrossSite => "cross_site",
            Self::Role => "role",
            Self::Route => "route",
            Self::Metadata => "metadata",
            Self::Credential(reason) => match reason {
                Reason::Invalid => "invalid",
                Reason::Expired => "expired",
                Reason::Revoked => "revoked",
                // The contract has one word for what is good elsewhere.
                Reason::WrongAudience => "wrong_host",
                Reason::Region { .. } => "region",
                Reason::TenantSuspended => "tenant_suspended",
                Reason::PasswordResetRequired => "password_reset_required",
                Reason::ApplicationDisabled => "application_disabled",
                Reason::Rate { .. } => "rate",
                Reason::Unavailable { .. } => "unavailable",
            },
        }
    }

    /// Whether signing in helps: there is no credential, or one that is worth nothing any more.
    pub(crate) fn asks_to_sign_in(&self) -> bool {
        matches!(self, Self::None | Self::Credential(Reason::Invalid | Reason::Expired | Reason::Revoked))
    }

    /// When to try again, where trying again helps.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Credential(Reason::Rate { retry_after } | Reason::Unavailable { retry_after }) => {
                Some(*retry_after)
            }
            Self::Credential(
                Reason::Invalid
                | Reason::Expired
                | Reason::Revoked
                | Reason::WrongAudience
                | Reason::Region { .. }
                | Reason::TenantSuspended
                | Reason::PasswordResetRequired
                | Reason::ApplicationDisabled,
            )
            | Self::None
            | Self::Ambiguous
            | Self::WrongHost
            | Self::CrossSite
            | Self::Role
            | Self::Route
            | Self::Metadata => None,
        }
    }

    /// The host to call instead, where the pool lives elsewhere.
    pub(crate) fn host(&self) -> Option<&str> {
        if let Self::Credential(Reason::Region { host }) = self { Some(host) } else { None }
    }
}
