//! What a committed transaction made stale in memory.
//!
//! The engine hands these to its hook after COMMIT and before the caller is answered (P2), and writes them to the
//! revocation log, from which other nodes learn of them.

use doorward_model::{AccessKeyId, ApplicationId, ApplicationTokenId, PersonId, PoolId, SessionId, TenantId};
use uuid::Uuid;

/// Something that caches must forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Invalidation {
    /// A person: their sessions, keys, roles and status.
    Person {
        /// Where.
        pool: PoolId,
        /// Who.
        person: PersonId,
    },
    /// A tenant and everything below it.
    Tenant {
        /// Where.
        pool: PoolId,
        /// Which node.
        tenant: TenantId,
    },
    /// One session.
    Session {
        /// Where.
        pool: PoolId,
        /// Which.
        session: SessionId,
    },
    /// One access key.
    Key {
        /// Where.
        pool: PoolId,
        /// Which.
        key: AccessKeyId,
    },
    /// One application.
    Application {
        /// Where.
        pool: PoolId,
        /// Which.
        application: ApplicationId,
    },
    /// One bearer token of an application.
    Token {
        /// Where.
        pool: PoolId,
        /// Which.
        token: ApplicationTokenId,
    },
    /// The table of doors.
    Doors,
    /// All of it: a restored backup, an imported platform.
    Everything,
}

impl Invalidation {
    /// Its word in the log.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Person { .. } => "person",
            Self::Tenant { .. } => "tenant",
            Self::Session { .. } => "session",
            Self::Key { .. } => "key",
            Self::Application { .. } => "application",
            Self::Token { .. } => "token",
            Self::Doors => "doors",
            Self::Everything => "everything",
        }
    }

    /// Whom it names; nobody for what belongs to the house.
    pub(crate) const fn subject(self) -> Uuid {
        match self {
            Self::Person { person, .. } => person.uuid(),
            Self::Tenant { tenant, .. } => tenant.uuid(),
            Self::Session { session, .. } => session.uuid(),
            Self::Key { key, .. } => key.uuid(),
            Self::Application { application, .. } => application.uuid(),
            Self::Token { token, .. } => token.uuid(),
            Self::Doors | Self::Everything => Uuid::nil(),
        }
    }

    /// Where; nowhere for what belongs to the house.
    pub(crate) const fn pool(self) -> PoolId {
        match self {
            Self::Person { pool, .. }
            | Self::Tenant { pool, .. }
            | Self::Session { pool, .. }
            | Self::Key { pool, .. }
            | Self::Application { pool, .. }
            | Self::Token { pool, .. } => pool,
            Self::Doors | Self::Everything => PoolId::new(Uuid::nil()),
        }
    }

    /// A row of the log. A word that a newer version wrote means everything: forgetting too much is always safe.
    pub(crate) fn of(kind: &str, pool: PoolId, subject: Uuid) -> Self {
        match kind {
            "person" => Self::Person { pool, person: PersonId::new(subject) },
            "tenant" => Self::Tenant { pool, tenant: TenantId::new(subject) },
            "session" => Self::Session { pool, session: SessionId::new(subject) },
            "key" => Self::Key { pool, key: AccessKeyId::new(subject) },
            "application" => Self::Application { pool, application: ApplicationId::new(subject) },
            "token" => Self::Token { pool, token: ApplicationTokenId::new(subject) },
            "doors" => Self::Doors,
            _ => Self::Everything,
        }
    }
}
