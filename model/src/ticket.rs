//! Tickets: one-time codes with a purpose.

use crate::{DoorId, PersonId, PoolId, TenantId, TicketId, Timestamp};

/// A one-time code, bound to a purpose, a person and the person's generation; its code is stored hashed or derived.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// The id.
    pub id: TicketId,
    /// The person's pool.
    pub pool: PoolId,
    /// What it is for.
    pub purpose: Purpose,
    /// For whom.
    pub person: PersonId,
    /// In which tenant it was asked for.
    pub tenant: TenantId,
    /// At which door.
    pub door: Option<DoorId>,
    /// The person's `auth_generation` when it was issued; a later one voids it (P11).
    pub generation: i64,
    /// When it was issued.
    pub created_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Timestamp,
}

/// What a code is for. A code of one purpose is nothing for another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    /// Set a new password.
    Reset,
    /// Prove that a mail arrived.
    Validation,
    /// Prove that a login answer was read (RubiCRM's `ValidationVal`).
    SelfValidation,
    /// Set the first password.
    Invitation,
    /// Sign in without a password (RubiCRM's plug-in tokens).
    SignIn,
    /// Change one's e-mail address to where the code was mailed.
    EmailChange,
}

impl Purpose {
    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Validation => "validation",
            Self::SelfValidation => "self_validation",
            Self::Invitation => "invitation",
            Self::SignIn => "sign_in",
            Self::EmailChange => "email_change",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::Reset,
            Self::Validation,
            Self::SelfValidation,
            Self::Invitation,
            Self::SignIn,
            Self::EmailChange,
        ];
        all.into_iter().find(|purpose| purpose.as_str() == word)
    }
}
