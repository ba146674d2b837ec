//! The letter: what `core` hands over after it claimed an outbox row and opened the sealed payload.

use std::collections::BTreeMap;

use doorward_model::{Email, Happening, Language, MailId, MailKind, Timestamp};

/// A mail before it has words: who, what about, and the link.
///
/// | kind | link | details that are shown when present |
/// | --- | --- | --- |
/// | reset, validation, invitation, email_change | required | `expires` |
/// | password_changed, new_sign_in, email_change_asked, email_changed | optional: where to act if it was somebody else | `at`, `address`, `near`, `agent` |
/// | membership_added | optional: where to sign in | – |
/// | digest | optional: where all of it can be seen | `more` |
///
/// Times among the details are whole microseconds since the epoch in decimal ([`Timestamp::micros`]); they are told in the zone
/// that the detail `zone` names, and in UTC without one.
#[derive(Clone)]
pub struct Letter {
    /// The outbox row; also the Message-ID.
    pub id: MailId,
    /// Which template.
    pub kind: MailKind,
    /// To whom.
    pub to: Email,
    /// What the recipient reads.
    pub language: Language,
    /// The tenant's display name.
    pub tenant_name: String,
    /// The person's display name, when there is one.
    pub person_name: Option<String>,
    /// The link, with its one-time code: built from configuration, never from a request (P11).
    pub link: Option<String>,
    /// What else the kind shows; see above.
    pub details: BTreeMap<String, String>,
    /// What a digest tells of, the newest first; `more` among the details counts what did not fit.
    pub happened: Vec<Happened>,
}

/// One thing that a digest tells of.
#[derive(Clone)]
pub struct Happened {
    /// What.
    pub what: Happening,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub address: Option<String>,
    /// Which place that is near, in the letter's language.
    pub near: Option<String>,
}

impl Letter {
    /// A detail that is a point in time; `None` when it is missing or no number.
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        self.details.get(name)?.parse().ok().map(Timestamp::from_micros)
    }
}

/// Shows the id and the kind only: the rest is personal, and the link is a secret (P16).
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}
