//! Events: what happened, append-only.

use crate::{ApplicationId, DoorId, EventId, PersonId, PoolId, SessionId, TenantId, Timestamp};
use std::net::IpAddr;

/// Something that happened. Never holds a secret (P16).
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The id.
    pub id: EventId,
    /// Where; `None` for what concerns the installation.
    pub pool: Option<PoolId>,
    /// In which node.
    pub tenant: Option<TenantId>,
    /// What.
    pub kind: EventKind,
    /// To whom.
    pub person: Option<PersonId>,
    /// By whom, when it was somebody else ("person …", "operator", "application …").
    pub actor: Option<String>,
    /// With which session.
    pub session: Option<SessionId>,
    /// Through which door.
    pub door: Option<DoorId>,
    /// By which program.
    pub application: Option<ApplicationId>,
    /// From where.
    pub address: Option<IpAddr>,
    /// What else is worth knowing, as short plain text.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// How a sign-in's detail begins from where its person was not known to sign in.
const NEW_PLACE: &str = "from a new place";

impl Event {
    /// The detail of a sign-in, of what else is worth knowing.
    pub fn sign_in_detail(is_new_place: bool, rest: Option<&str>) -> Option<String> {
        let parts = [is_new_place.then_some(NEW_PLACE), rest];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", ")).filter(|detail| !detail.is_empty())
    }

    /// Whether somebody signed in from where they were not known to.
    pub fn is_from_new_place(&self) -> bool {
        let begins = |detail: &String| detail.starts_with(NEW_PLACE);
        self.kind == EventKind::SignedIn && self.detail.as_ref().is_some_and(begins)
    }

    /// Whether what was changed of somebody has this among it.
    pub fn changes(&self, what: &str) -> bool {
        let has = |detail: &String| detail.split(", ").any(|changed| changed == what);
        self.kind == EventKind::PersonChanged && self.detail.as_ref().is_some_and(has)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        /// What happened.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum EventKind {
            $($(#[$doc])* $name,)+
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stored and printed word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// Reads the stored word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
            }
        }
    };
}

kinds! {
    /// Someone signed in.
    SignedIn = "signed_in",
    /// A sign-in was refused; the detail says why, for administrators only.
    SignInRefused = "sign_in_refused",
    /// Someone signed out.
    SignedOut = "signed_out",
    /// A session was ended by somebody else.
    SessionEnded = "session_ended",
    /// A session moved to another tenant of its tree.
    TenantSwitched = "tenant_switched",
    /// A reset was asked for.
    ResetRequested = "reset_requested",
    /// A password was reset with a code.
    PasswordReset = "password_reset",
    /// A password was changed by its owner.
    PasswordChanged = "password_changed",
    /// An administrator set a password.
    PasswordSet = "password_set",
    /// A code to sign in with was told to a server that the tenant trusts.
    SignInCodeIssued = "sign_in_code_issued",
    /// A validation link was mailed.
    ValidationRequested = "validation_requested",
    /// An address was validated; the detail says how.
    EmailValidated = "email_validated",
    /// Somebody asked to change their own address; it holds once the new one is confirmed.
    EmailChangeRequested = "email_change_requested",
    /// A consent was given.
    ConsentGiven = "consent_given",
    /// A person was made.
    PersonCreated = "person_created",
    /// A person was changed.
    PersonChanged = "person_changed",
    /// A person was disabled.
    PersonDisabled = "person_disabled",
    /// A person was enabled again.
    PersonEnabled = "person_enabled",
    /// A person was deleted.
    PersonDeleted = "person_deleted",
    /// A person was invited.
    PersonInvited = "person_invited",
    /// The address of a person's calendar feed was made a new one.
    FeedRotated = "feed_rotated",
    /// A membership was given or changed.
    MembershipSet = "membership_set",
    /// A membership was taken.
    MembershipRemoved = "membership_removed",
    /// An access key was made.
    KeyCreated = "key_created",
    /// An access key got a new secret.
    KeyRotated = "key_rotated",
    /// An access key was disabled.
    KeyDisabled = "key_disabled",
    /// An access key was enabled again.
    KeyEnabled = "key_enabled",
    /// An access key was changed (label, rate, expiry).
    KeyChanged = "key_changed",
    /// An application was made.
    ApplicationCreated = "application_created",
    /// An application was changed.
    ApplicationChanged = "application_changed",
    /// An application got a new key, or lost it.
    ApplicationKeyRotated = "application_key_rotated",
    /// An application was disabled.
    ApplicationDisabled = "application_disabled",
    /// An application was enabled again.
    ApplicationEnabled = "application_enabled",
    /// A bearer token of an application was made.
    TokenCreated = "token_created",
    /// A bearer token of an application was revoked.
    TokenRevoked = "token_revoked",
    /// A tenant was made.
    TenantCreated = "tenant_created",
    /// A tenant was changed.
    TenantChanged = "tenant_changed",
    /// A tenant moved to another parent.
    TenantMoved = "tenant_moved",
    /// A tenant was suspended.
    TenantSuspended = "tenant_suspended",
    /// A suspended tenant was opened again.
    TenantResumed = "tenant_resumed",
    /// A tenant was deleted.
    TenantDeleted = "tenant_deleted",
    /// A version of terms was published.
    TermsPublished = "terms_published",
    /// Somebody had a file of people looked through; the detail says what came of it.
    ImportChecked = "import_checked",
    /// Somebody began to import people from a file.
    ImportBegun = "import_begun",
    /// An import ended; the detail says how.
    ImportEnded = "import_ended",
    /// Somebody began to make a file of what is kept here; the detail says of what.
    ExportBegun = "export_begun",
    /// Somebody took a file of what is kept here; the detail says of what.
    ExportTaken = "export_taken",
    /// A mail that waits was asked to be tried again now.
    MailRetried = "mail_retried",
    /// A door was made or changed.
    DoorSet = "door_set",
    /// A door was taken away.
    DoorRemoved = "door_removed",
    /// A region was made or changed.
    RegionSet = "region_set",
    /// An operator was made.
    OperatorCreated = "operator_created",
    /// A link was made whose bearer becomes an operator.
    OperatorInvited = "operator_invited",
    /// An operator chose a new password.
    OperatorPasswordChanged = "operator_password_changed",
    /// An operator was taken away.
    OperatorRemoved = "operator_removed",
    /// A link for another operator was taken back.
    OperatorLinkWithdrawn = "operator_link_withdrawn",
    /// A bearer token of an operator was made.
    OperatorTokenCreated = "operator_token_created",
    /// A bearer token of an operator was revoked.
    OperatorTokenRevoked = "operator_token_revoked",
    /// A backup was restored; everything cached or revoked before it stays so.
    Restored = "restored",
    /// The installation was moved to another engine.
    InstallationMoved = "installation_moved",
}
