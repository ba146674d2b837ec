//! Memberships: a person's place in a tenant.

use crate::{MembershipId, PersonId, TenantId, Timestamp};

/// A person in a tenant, with a kind and a role. Roles reach down the tree, never up or sideways.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// The id.
    pub id: MembershipId,
    /// Whose place it is.
    pub person: PersonId,
    /// Where.
    pub tenant: TenantId,
    /// As what.
    pub kind: Kind,
    /// With which rights.
    pub role: Role,
    /// RubiCRM's `UserStatus`: a word of the tenant's own ("Gold", "Lapsed"), shown and never decided on.
    pub standing: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// As what a person belongs to a tenant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// BookingBug's administrator record; administers the tenant as far as the role goes.
    Administrator,
    /// BookingBug's member (a customer with a login).
    Member,
    /// RubiCRM's contact.
    Contact,
    /// SalesSeek's and LeadSquared's user.
    User,
}

impl Kind {
    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Member => "member",
            Self::Contact => "contact",
            Self::User => "user",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Administrator, Self::Member, Self::Contact, Self::User]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// Whether a sign-in as this kind speaks for the places that its person has as `other`. A customer's login stays a
    /// customer's, whatever else the same person is; any other stands for the whole person.
    pub const fn speaks_for(self, other: Self) -> bool {
        match self {
            Self::Member => matches!(other, Self::Member),
            Self::Administrator | Self::Contact | Self::User => true,
        }
    }

    /// Whether a place of this kind may come with these rights: a customer administers nothing.
    pub const fn may_have(self, role: Role) -> bool {
        !(matches!(self, Self::Member) && role.administers())
    }
}

/// Rights, strongest first (BookingBug's words: `owner, admin, user, callcentre`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Everything, and other owners.
    Owner,
    /// Everything but owners.
    Admin,
    /// Their own affairs.
    User,
    /// BookingBug's call centre: their own affairs here; the business APIs give it its meaning.
    Callcentre,
}

impl Role {
    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::User => "user",
            Self::Callcentre => "callcentre",
        }
    }

    /// Reads a word; `callcenter` is accepted.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "owner" => Some(Self::Owner),
            "admin" => Some(Self::Admin),
            "user" => Some(Self::User),
            "callcentre" | "callcenter" => Some(Self::Callcentre),
            _ => None,
        }
    }

    /// Whether this role administers people, keys and tenants at and below its tenant.
    pub const fn administers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }

    /// Whether a holder of this role may give or take `other`: nobody hands out more than they have.
    pub fn may_grant(self, other: Self) -> bool {
        self.administers() && self <= other
    }
}
