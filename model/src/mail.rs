//! Mails in the outbox.

use crate::{MailId, PoolId, Timestamp};

/// A mail in the outbox: a row written in the transaction of its cause (P20). The payload is sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// The id; also the mail's Message-ID, so that a second delivery is recognised.
    pub id: MailId,
    /// The pool that caused it; `None` for operators' mail.
    pub pool: Option<PoolId>,
    /// Which template.
    pub kind: MailKind,
    /// Recipient and parameters, sealed; empty after delivery.
    pub sealed: Vec<u8>,
    /// How often delivery was tried.
    pub attempts: i64,
    /// When it was caused.
    pub created_at: Timestamp,
}

/// Which template a mail is rendered from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MailKind {
    /// A reset link.
    Reset,
    /// A validation link.
    Validation,
    /// An invitation link.
    Invitation,
    /// "Your password was changed."
    PasswordChanged,
    /// "New sign-in."
    NewSignIn,
    /// "You were given a place in …" (an e-mail the tree already knew).
    MembershipAdded,
    /// A link that makes this address that of an account, to the new address.
    EmailChange,
    /// "Somebody asked to change your address", to the present one.
    EmailChangeAsked,
    /// "Your address was changed", to the old one.
    EmailChanged,
    /// What happened to an account since the digest before.
    Digest,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Reset,
        Self::Validation,
        Self::Invitation,
        Self::PasswordChanged,
        Self::NewSignIn,
        Self::MembershipAdded,
        Self::EmailChange,
        Self::EmailChangeAsked,
        Self::EmailChanged,
        Self::Digest,
    ];

    /// The stored word and the template's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Validation => "validation",
            Self::Invitation => "invitation",
            Self::PasswordChanged => "password_changed",
            Self::NewSignIn => "new_sign_in",
            Self::MembershipAdded => "membership_added",
            Self::EmailChange => "email_change",
            Self::EmailChangeAsked => "email_change_asked",
            Self::EmailChanged => "email_changed",
            Self::Digest => "digest",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How far a mail got.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MailState {
    /// Waiting, or leased by a worker.
    Queued,
    /// Handed to the SMTP server.
    Sent,
    /// Given up.
    Failed,
}

impl MailState {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Queued, Self::Sent, Self::Failed].into_iter().find(|state| state.as_str() == word)
    }
}
