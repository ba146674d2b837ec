//! The revocation log: what ended, in commit order. The last statements of a revoking transaction append here.
//!
//! Nothing that ended lives on for want of its row: it ended by the write that came before. The log tells other nodes
//! what to forget, so it may be trimmed of what every one of them has read. Within a shard the numbers have no gap, and
//! the shard's epoch is the last of them: a reader who finds the number after its last one missing has read too late,
//! and forgets everything.

use crate::{Error, HouseTx, Statement, Statements, Tx, sql};
use doorward_model::{
    AccessKeyId, ApplicationId, ApplicationTokenId, PersonId, PoolId, SessionId, TenantId, Timestamp,
};
use uuid::Uuid;

/// Enough that revocations of different pools rarely wait for each other (design: "256 epoch rows").
const SHARDS: u128 = 256;

/// What ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Revoked {
    /// One session.
    Session(SessionId),
    /// One access key, or its secret before a rotation.
    Key(AccessKeyId),
    /// Everything of a person.
    Person(PersonId),
    /// Everything in a tenant and below it.
    Tenant(TenantId),
    /// An application, or its key before a rotation.
    Application(ApplicationId),
    /// One bearer token of an application.
    Token(ApplicationTokenId),
}

impl Revoked {
    const fn kind(self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Key(_) => "key",
            Self::Person(_) => "person",
            Self::Tenant(_) => "tenant",
            Self::Application(_) => "application",
            Self::Token(_) => "token",
        }
    }

    const fn subject(self) -> Uuid {
        match self {
            Self::Session(id) => id.uuid(),
            Self::Key(id) => id.uuid(),
            Self::Person(id) => id.uuid(),
            Self::Tenant(id) => id.uuid(),
            Self::Application(id) => id.uuid(),
            Self::Token(id) => id.uuid(),
        }
    }
}

const ADVANCE: Statement = sql("INSERT INTO epochs (shard, value) VALUES ($1, 1) \
     ON CONFLICT (shard) DO UPDATE SET value = epochs.value + 1 RETURNING value");

const INSERT: Statement =
    sql("INSERT INTO revocations (shard, value, pool, kind, subject, at) VALUES ($1, $2, $3, $4, $5, $6)");

/// Appends to the log. Call it last: the epoch row is locked from here to the commit, so order equals commit order.
pub fn insert(tx: &mut Tx<'_>, revoked: Revoked, at: Timestamp) -> Result<(), Error> {
    let shard = shard_of(tx.pool());
    let value: Option<i64> = tx.row(&ADVANCE, &[&shard], |row| row.get(0))?;
    let value = value.ok_or_else(|| Error::Fault("an epoch did not advance".to_owned()))?;
    tx.execute(&INSERT, &[&shard, &value, &tx.pool(), &revoked.kind(), &revoked.subject(), &at])?;
    Ok(())
}

const TRIM: Statement = sql("DELETE FROM revocations WHERE (shard, value) IN \
     (SELECT shard, value FROM revocations WHERE at < $1 ORDER BY at LIMIT $2)");

/// Forgets up to `limit` entries from before `before`; `true` if there may be more. The epochs stay.
pub fn trim(tx: &mut HouseTx<'_>, before: Timestamp, limit: i64) -> Result<bool, Error> {
    let trimmed = tx.execute(&TRIM, &[&before, &limit])?;
    Ok(i64::try_from(trimmed).is_ok_and(|trimmed| trimmed >= limit))
}

fn shard_of(pool: PoolId) -> i64 {
    i64::try_from(pool.uuid().as_u128() % SHARDS).unwrap_or(0)
}
