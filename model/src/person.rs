//! People: one per e-mail in a pool, with one password.

use crate::{Email, Language, PersonId, PersonNumber, PoolId, TenantId, Timestamp};

/// Someone who signs in: a user, administrator, member or contact in a client's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The id; RubiCRM's `uid`.
    pub id: PersonId,
    /// The pool in which the e-mail names this person.
    pub pool: PoolId,
    /// The node they were first made in.
    pub home: TenantId,
    /// The short number BookingBug's URLs carry.
    pub number: PersonNumber,
    /// Where they are written to.
    pub email: Email,
    /// Their names and other facts that no rule decides on.
    pub profile: Profile,
    /// Whether they may sign in.
    pub status: PersonStatus,
    /// How far the address is known to be theirs.
    pub verified: Verified,
    /// A session of theirs may do nothing but set a new password.
    pub password_reset_required: bool,
    /// Which mails they want.
    pub notifications: NotificationSettings,
    /// What they read: chosen by them, or first seen when they proved who they are. `None` is as the tenant says.
    pub language: Option<Language>,
    /// Advancing it makes the address of their calendar feed a new one.
    pub feed_generation: i64,
    /// Advancing it ends every session, key and open code of theirs.
    pub auth_generation: i64,
    /// Advancing it refreshes what is cached of them.
    pub version: i64,
    /// When they were made.
    pub created_at: Timestamp,
    /// When they last changed.
    pub modified_at: Timestamp,
}

/// Names, and facts a dialect prints by its own names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// What they like to be called (RubiCRM's `KnownAs`).
    pub known_as: Option<String>,
    /// Facts of one dialect (telephone, street, time zone …), by that dialect's own names.
    pub extra: Vec<(String, String)>,
}

impl Profile {
    /// First and last name in one line; empty when neither is known.
    pub fn full_name(&self) -> String {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        names.into_iter().flatten().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The fact of this name.
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Whether a person may sign in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PersonStatus {
    /// May sign in.
    Active,
    /// Disabled by an administrator.
    Inactive,
    /// Gone for clients; kept for the audit trail. The e-mail stays theirs.
    Deleted,
}

impl PersonStatus {
    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Deleted => "deleted",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Deleted].into_iter().find(|status| status.as_str() == word)
    }
}

/// How far the address is known to belong to the person (dialects: RubiCRM, `verified_by`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verified {
    /// Not at all.
    No,
    /// With codes that a login answer showed: satisfies the RubiCRM door only.
    BySelf,
    /// With a code that was mailed.
    ByMail,
    /// An administrator said so.
    ByAdministrator,
}

impl Verified {
    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::BySelf => "self",
            Self::ByMail => "mail",
            Self::ByAdministrator => "administrator",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::No, Self::BySelf, Self::ByMail, Self::ByAdministrator].into_iter().find(|v| v.as_str() == word)
    }

    /// Whether every door may rely on it.
    pub const fn for_all_doors(self) -> bool {
        matches!(self, Self::ByMail | Self::ByAdministrator)
    }
}

/// Which mails a person wants (SalesSeek's `notification_settings`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NotificationSettings {
    /// New sign-ins, at once.
    pub instant: bool,
    /// A digest in the evening.
    pub evening: bool,
    /// A digest in the morning.
    pub morning: bool,
    /// SalesSeek's `new_lead_email_notification`: kept for the client, no mail of ours.
    pub new_lead: bool,
}

impl NotificationSettings {
    /// Whether any digest is wanted.
    pub const fn wants_digest(self) -> bool {
        self.morning || self.evening
    }
}
