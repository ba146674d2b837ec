//! Applications: programs that may call.

use crate::{ApplicationId, PoolId, TenantId, Timestamp};
use uuid::Uuid;

/// A program that may call, within one tenant's subtree.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// The id.
    pub id: ApplicationId,
    /// The pool it belongs to.
    pub pool: PoolId,
    /// The top of the subtree it may act in.
    pub tenant: TenantId,
    /// What people read.
    pub name: String,
    /// What the program sends as its identity: BookingBug's `App-Id`. Public.
    pub app_id: AppId,
    /// Whether it has a key (BookingBug's `App-Key`, RubiCRM's API key); the key itself is stored hashed.
    pub has_key: bool,
    /// A server of the tenant's own that may be told one-time codes (dialects: RubiCRM `LoginReset`).
    pub trusted_server: bool,
    /// Browser origins it may be called from.
    pub origins: Vec<String>,
    /// Refused while true.
    pub disabled: bool,
    /// Grows with every change that an administrator makes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last called, rounded.
    pub last_used_at: Option<Timestamp>,
}

/// An application's public id: 4 to 64 of `A-Z a-z 0-9 _ -`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AppId(String);

impl AppId {
    /// Reads an id; `None` if it cannot be one, which a door answers like an unknown one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_id = (4..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        is_id.then(|| Self(text.to_owned()))
    }

    /// Whether it reads as a UUID. No new program is named so: an answer of the verify call has one field for a person,
    /// by their UUID, and for a program that speaks for itself, by its id.
    pub fn is_uuid(&self) -> bool {
        Uuid::try_parse(&self.0).is_ok()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
