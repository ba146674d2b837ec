//! Who is calling, once it is known.

use crate::{Branch, zone};
use doorward_model::{
    AccessKeyId, ApplicationId, DoorId, Membership, Person, PoolId, Role, Session, TenantId, Timestamp,
};
use jiff::tz::TimeZone;

/// Who is calling: a person in a tenant, by a session or a key.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The person.
    pub person: Person,
    /// Where they are signed in, with its ancestors.
    pub branch: Branch,
    /// Their places in the pool, as far as this sign-in speaks for them.
    pub memberships: Vec<Membership>,
    /// How they proved it.
    pub method: Method,
    /// The program they signed in with.
    pub application: Option<ApplicationId>,
    /// The door they signed in through.
    pub door: Option<DoorId>,
    /// When they signed in, or the key was made.
    pub signed_in_at: Timestamp,
    /// When this ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// How a person proved who they are.
#[derive(Clone, Debug)]
pub enum Method {
    /// With a session that a password opened.
    Session(Box<Session>),
    /// With an access key.
    AccessKey(AccessKeyId),
}

impl Identity {
    /// Whom a session stands for, with those of their places that it speaks for.
    pub(crate) fn of_session(
        session: Session,
        person: Person,
        branch: Branch,
        mut memberships: Vec<Membership>,
    ) -> Self {
        memberships.retain(|place| session.speaks_for(place));
        Self {
            application: session.application,
            door: session.door,
            signed_in_at: session.signed_in_at,
            expires_at: Some(session.expires_at),
            method: Method::Session(Box::new(session)),
            person,
            branch,
            memberships,
        }
    }

    /// The pool.
    pub fn pool(&self) -> PoolId {
        self.person.pool
    }

    /// Where they are signed in.
    pub fn tenant(&self) -> TenantId {
        self.branch.tenant().id
    }

    /// The clock they live by; UTC when nobody said.
    pub fn zone(&self) -> TimeZone {
        zone::of(&self.person, &self.branch)
    }

    /// The session, if one carries this identity.
    pub fn session(&self) -> Option<&Session> {
        match &self.method {
            Method::Session(session) => Some(session),
            Method::AccessKey(_) => None,
        }
    }

    /// The strongest role this identity has at `target`. Roles reach down the tree, and a sign-in acts only at and
    /// below the tenant it is for.
    pub fn role_at(&self, target: &Branch) -> Option<Role> {
        if target.pool() != self.pool() || !target.contains(self.tenant()) {
            return None;
        }
        self.memberships.iter().filter(|place| target.contains(place.tenant)).map(|place| place.role).min()
    }
}
