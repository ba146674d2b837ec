//! Access keys: a public name and a secret that stand for one person (LeadSquared).

use crate::{AccessKeyId, PersonId, PoolId, TenantId, Timestamp};
use std::time::Duration;

/// A key pair without its secret, which is stored as a keyed hash only.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessKey {
    /// The id.
    pub id: AccessKeyId,
    /// The pool it belongs to.
    pub pool: PoolId,
    /// Whom it stands for.
    pub person: PersonId,
    /// Where.
    pub tenant: TenantId,
    /// The public half.
    pub name: AccessKeyName,
    /// What people read.
    pub label: String,
    /// Its own rate, above the tenant's.
    pub rate: Option<RateLimit>,
    /// Refused while true.
    pub disabled: bool,
    /// Refused from this moment.
    pub expires_at: Option<Timestamp>,
    /// Until when the secret before the last rotation is still accepted.
    pub previous_until: Option<Timestamp>,
    /// Grows with every change that an administrator makes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, rounded.
    pub last_used_at: Option<Timestamp>,
}

/// The public half of a key pair: `u$r` and 32 lower-case hex digits (dialects: LeadSquared).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AccessKeyName(String);

impl AccessKeyName {
    /// From 16 random bytes.
    pub fn from_bytes(random: [u8; 16]) -> Self {
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("u$r{digits}"))
    }

    /// Reads a name; `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("u$r")?;
        let is_hex = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        is_hex.then(|| Self(format!("u$r{}", digits.to_ascii_lowercase())))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// At most `calls` in any `window` (sliding, exact at the edge).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RateLimit {
    /// Call number `calls` passes, the next does not.
    pub calls: u32,
    /// The length of the window.
    pub window: Duration,
}
