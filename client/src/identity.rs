//! Who is calling, as far as a service is told.

use std::time::SystemTime;

/// Somebody, or a program that speaks for itself. What the source did not tell is `None`: an assertion tells less than
/// an answer of `POST /verify`, and each field says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who; `None` where a program speaks for itself.
    pub person: Option<Person>,
    /// The pool's id. Not in assertions.
    pub pool: Option<String>,
    /// Where they are signed in.
    pub tenant: Tenant,
    /// Their places. An assertion names only those that reach this tenant.
    pub memberships: Vec<Membership>,
    /// The program they call with, or that calls: its `App-Id`.
    pub application: Option<String>,
    /// The name of the door they came through.
    pub door: Option<String>,
    /// How they signed in: `password`, `access_key`, `token` and so on. Not in assertions.
    pub method: Option<String>,
    /// When they did. Not in assertions.
    pub signed_in_at: Option<SystemTime>,
    /// When the session, key or token ends if nothing happens before; of an assertion, when the assertion does, which is
    /// never later. `None` where it has no end.
    pub expires_at: Option<SystemTime>,
    /// The session's id, never its token; `None` for keys and tokens.
    pub session: Option<String>,
    /// What a token is for.
    pub scopes: Vec<String>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id, a UUID.
    pub id: String,
    /// The number that old clients know them by. Not in assertions.
    pub number: Option<i64>,
    /// Their address.
    pub email: Option<String>,
    /// Their first name. Not in assertions, as the other names.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// What they like to be called.
    pub known_as: Option<String>,
}

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The id, a UUID. Not in assertions.
    pub id: Option<String>,
    /// The company's number.
    pub number: i64,
    /// The word that names it in hosts.
    pub slug: String,
}

/// A person's place in a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The number of the tenant it is in. Not in assertions.
    pub tenant: Option<i64>,
    /// As what.
    pub kind: Kind,
    /// With which rights.
    pub role: Role,
    /// Whether it counts where they are signed in: it is in that tenant, or in one above it.
    pub reaches: bool,
}

/// As what somebody belongs to a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// An administrator.
    Administrator,
    /// A customer with a login.
    Member,
    /// A contact.
    Contact,
    /// A user.
    User,
    /// One that this version does not know.
    Other(String),
}

/// Rights.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Everything, and other owners.
    Owner,
    /// Everything but owners.
    Admin,
    /// Their own affairs.
    User,
    /// Their own affairs; your API gives it its meaning.
    Callcentre,
    /// One that this version does not know: worth nothing.
    Other(String),
}

impl Identity {
    /// Whether they have at least this role where they are signed in, as `role=` of a route has it: an owner has
    /// [`Role::Admin`] too.
    pub fn has_role(&self, least: &Role) -> bool {
        self.memberships.iter().any(|place| place.reaches && place.role.includes(least))
    }
}

impl Kind {
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "administrator" => Self::Administrator,
            "member" => Self::Member,
            "contact" => Self::Contact,
            "user" => Self::User,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl Role {
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "owner" => Self::Owner,
            "admin" => Self::Admin,
            "user" => Self::User,
            "callcentre" => Self::Callcentre,
            other => Self::Other(other.to_owned()),
        }
    }

    fn includes(&self, least: &Self) -> bool {
        match (self.rank(), least.rank()) {
            (Some(own), Some(least)) => own <= least,
            (None, _) | (_, None) => false,
        }
    }

    /// The strongest is 0, as in Doorward; one that is not known has none.
    const fn rank(&self) -> Option<u8> {
        match self {
            Self::Owner => Some(0),
            Self::Admin => Some(1),
            Self::User => Some(2),
            Self::Callcentre => Some(3),
            Self::Other(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(role: &str, reaches: bool) -> Identity {
        let place = Membership { tenant: None, kind: Kind::User, role: Role::of(role), reaches };
        Identity {
            person: None,
            pool: None,
            tenant: Tenant { id: None, number: 1, slug: "harbour".to_owned() },
            memberships: vec![place],
            application: None,
            door: None,
            method: None,
            signed_in_at: None,
            expires_at: None,
            session: None,
            scopes: Vec::new(),
        }
    }

    #[test]
    fn a_role_includes_the_weaker_ones_where_it_reaches() {
        assert!(with("owner", true).has_role(&Role::Admin));
        assert!(with("admin", true).has_role(&Role::Admin));
        assert!(!with("user", true).has_role(&Role::Admin));
        assert!(!with("owner", false).has_role(&Role::Callcentre), "it is somewhere else");
        assert!(!with("emperor", true).has_role(&Role::Callcentre), "nobody knows what it is worth");
        assert!(!with("emperor", true).has_role(&Role::of("emperor")));
    }
}
