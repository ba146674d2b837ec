//! Tenants: the nodes of a pool's tree. Clients call one a client, a company, an organisation or an org.

use crate::{CompanyNumber, Policy, PoolId, RegionCode, TenantId, Timestamp};
use thiserror::Error;

/// A node of a tenant tree. The root carries the region; a pool with one node is the common case.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    /// The id; SalesSeek's `client_id`, LeadSquared's `OrgId`.
    pub id: TenantId,
    /// The pool this node belongs to, for good.
    pub pool: PoolId,
    /// `None` at the root.
    pub parent: Option<TenantId>,
    /// Sub-domain label, unique over all pools.
    pub slug: Slug,
    /// The number clients know it by.
    pub number: CompanyNumber,
    /// What people read.
    pub display_name: String,
    /// Whether its people may sign in.
    pub status: TenantStatus,
    /// The region of the whole pool; set at the root, `None` below it.
    pub region: Option<RegionCode>,
    /// What this node says itself; the rest is inherited.
    pub policy: Policy,
    /// Facts a dialect prints and nothing decides on (currencies, time zone, street …), by the dialect's own names.
    pub profile: Vec<(String, String)>,
    /// Advancing it ends every session in this node. Keys rest while a tenant is suspended, and work again after.
    pub auth_generation: i64,
    /// Advancing it refreshes what is cached of this node.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
}

/// Whether a tenant's people may sign in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TenantStatus {
    /// Open.
    Active,
    /// Closed by an administrator above; nobody at or below it signs in or is verified.
    Suspended,
    /// Gone for clients; kept for the audit trail.
    Deleted,
}

impl TenantStatus {
    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Deleted].into_iter().find(|status| status.as_str() == word)
    }
}

/// A sub-domain label: 1 to 63 of `a-z`, `0-9` and inner `-` (RFC 1035 §2.3.1, and digits first as RFC 1123 allows).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Slug(String);

/// The text is no slug.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected 1 to 63 of a-z, 0-9 and inner hyphens")]
pub struct InvalidSlug;

impl Slug {
    /// Reads a slug; upper case is folded, because host names are.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        let slug = text.to_ascii_lowercase();
        let is_label = (1..=63).contains(&slug.len())
            && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !slug.starts_with('-')
            && !slug.ends_with('-');
        if is_label { Ok(Self(slug)) } else { Err(InvalidSlug) }
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
