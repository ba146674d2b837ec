//! What a committed transaction made stale in memory.
//!
//! The engine hands these to its hook after COMMIT and before the caller is answered (P2).

use doorward_model::{AccessKeyId, ApplicationId, ApplicationTokenId, PersonId, PoolId, SessionId, TenantId};

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
