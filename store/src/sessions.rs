//! Sessions: live sign-ins, by the keyed hash of their token.

use crate::{Error, HouseTx, Invalidation, Row, Statement, Statements, Tx, lookup, sql};
use doorward_model::{Kind, PersonId, PoolId, Session, SessionId, SessionScheme, TenantId, Timestamp};
use std::time::Duration;

/// A session with the generations it was opened under; it lives while they are the current ones.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSession {
    /// The session.
    pub session: Session,
    /// The keyed hash of its token.
    pub token_hash: [u8; 32],
    /// The person's `auth_generation` when it was opened.
    pub person_generation: i64,
    /// The tenant's `auth_generation` when it was opened or moved there.
    pub tenant_generation: i64,
    /// The installation's epoch when it was opened; a restored backup begins a new one.
    pub epoch: i64,
}

/// What a session's life hangs on: it lives while these are the current ones and its times are not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The person's `auth_generation` when it was opened.
    pub person_generation: i64,
    /// The tenant's `auth_generation` when it was opened or moved there.
    pub tenant_generation: i64,
    /// The installation's epoch when it was opened.
    pub epoch: i64,
    /// When it ends if it is not used.
    pub idle_until: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl StoredSession {
    /// What its life hangs on.
    pub const fn terms(&self) -> Terms {
        Terms {
            person_generation: self.person_generation,
            tenant_generation: self.tenant_generation,
            epoch: self.epoch,
            idle_until: self.session.idle_until,
            expires_at: self.session.expires_at,
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT pool, id, token_hash, person, tenant, application, door, scheme, person_generation, \
             tenant_generation, epoch, signed_in_at, last_used_at, idle_until, expires_at, address, agent, kind \
             FROM sessions ",
            $rest
        )
    };
}

const INSERT: Statement = sql(
    "INSERT INTO sessions (pool, id, token_hash, person, tenant, application, door, scheme, person_generation, \
     tenant_generation, epoch, signed_in_at, last_used_at, idle_until, expires_at, address, agent, kind) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
);

/// Opens a session. The caller has checked, in the same transaction, that its generations are the current ones.
pub fn insert(tx: &mut Tx<'_>, opened: &StoredSession) -> Result<(), Error> {
    let session = &opened.session;
    lookup::sessions::insert(tx, &opened.token_hash, session.id)?;
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &session.id,
            &opened.token_hash,
            &session.person,
            &session.tenant,
            &session.application,
            &session.door,
            &session.scheme.as_str(),
            &opened.person_generation,
            &opened.tenant_generation,
            &opened.epoch,
            &session.signed_in_at,
            &session.last_used_at,
            &session.idle_until,
            &session.expires_at,
            &session.address.map(|address| address.to_string()),
            &session.agent,
            &session.kind.as_str(),
        ],
    )?;
    Ok(())
}

const FIND: Statement = sql(select!("WHERE pool = $1 AND id = $2"));

/// One session, whether it still lives or not.
pub fn find(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<StoredSession>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const LIST: Statement = sql(select!("WHERE pool = $1 AND person = $2 ORDER BY signed_in_at, id"));

/// A person's sessions, oldest first, ended ones not among them but expired ones perhaps.
pub fn list_by_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<StoredSession>, Error> {
    tx.rows(&LIST, &[&tx.pool(), &person], read)
}

const LIST_BEFORE: Statement = sql(select!("WHERE pool = $1 AND id < $2 ORDER BY id DESC LIMIT $3"));

/// The pool's sessions that were opened before one, newest first, expired ones perhaps among them.
pub fn list_before(tx: &mut Tx<'_>, before: SessionId, limit: i64) -> Result<Vec<StoredSession>, Error> {
    tx.rows(&LIST_BEFORE, &[&tx.pool(), &before, &limit], read)
}

const LIST_AT_TENANT_BEFORE: Statement =
    sql(select!("WHERE pool = $1 AND tenant = $2 AND id < $3 ORDER BY id DESC LIMIT $4"));

/// The same of one tenant itself.
pub fn list_at_tenant_before(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    before: SessionId,
    limit: i64,
) -> Result<Vec<StoredSession>, Error> {
    tx.rows(&LIST_AT_TENANT_BEFORE, &[&tx.pool(), &tenant, &before, &limit], read)
}

const SURPLUS: Statement = sql("SELECT id FROM sessions WHERE pool = $1 AND person = $2 \
     ORDER BY signed_in_at DESC, id DESC LIMIT $4 OFFSET $3");

/// Up to `limit` of a person's sessions that are older than their newest `kept`. Walks the index only: a sign-in asks
/// this of people with a thousand sessions.
pub fn list_surplus(
    tx: &mut Tx<'_>,
    person: PersonId,
    kept: i64,
    limit: i64,
) -> Result<Vec<SessionId>, Error> {
    tx.rows(&SURPLUS, &[&tx.pool(), &person, &kept, &limit], |row| row.get(0))
}

const TOUCH: Statement = sql(
    "UPDATE sessions SET last_used_at = $3, idle_until = $4 WHERE pool = $1 AND id = $2 AND idle_until < $4",
);

/// Slides a session's idle end forward; never back.
pub fn touch(tx: &mut Tx<'_>, id: SessionId, at: Timestamp, idle_until: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, &[&tx.pool(), &id, &at, &idle_until])?;
    Ok(())
}

const MOVE: Statement =
    sql("UPDATE sessions SET tenant = $3, tenant_generation = $4 WHERE pool = $1 AND id = $2");

/// Moves a session to another tenant of its tree.
pub fn move_to(tx: &mut Tx<'_>, id: SessionId, tenant: TenantId, generation: i64) -> Result<(), Error> {
    tx.invalidate(Invalidation::Session { pool: tx.pool(), session: id });
    tx.execute(&MOVE, &[&tx.pool(), &id, &tenant, &generation])?;
    Ok(())
}

const KEEP: Statement = sql("UPDATE sessions SET person_generation = $3 WHERE pool = $1 AND id = $2");

/// Carries one session over to its person's new generation: the one a password change was made in (P3).
pub fn keep(tx: &mut Tx<'_>, id: SessionId, person_generation: i64) -> Result<(), Error> {
    tx.execute(&KEEP, &[&tx.pool(), &id, &person_generation])?;
    Ok(())
}

const DELETE: Statement = sql("DELETE FROM sessions WHERE pool = $1 AND id = $2 RETURNING token_hash");

/// Ends a session; `false` if it had ended already. Memories are told in any case: a sweep deletes without a word, and one that
/// notes a use which came too late to be written down may believe the session to live. To forget is always safe.
pub fn delete(tx: &mut Tx<'_>, id: SessionId) -> Result<bool, Error> {
    tx.invalidate(Invalidation::Session { pool: tx.pool(), session: id });
    let token_hash = tx.row(&DELETE, &[&tx.pool(), &id], |row| row.get::<[u8; 32]>(0))?;
    if let Some(token_hash) = &token_hash {
        lookup::sessions::delete(tx, token_hash)?;
    }
    Ok(token_hash.is_some())
}

const EXPIRE: Statement = sql("DELETE FROM sessions WHERE pool = $1 AND id = $2 AND \
     (idle_until <= $3 OR expires_at <= $3) RETURNING token_hash");

/// Ends a session whose time is over at this moment; one that was used meanwhile stays. Memories are told: one that notes
/// a use which is not written down yet would believe the session to live, and nothing could end it any more.
pub fn expire(tx: &mut Tx<'_>, id: SessionId, at: Timestamp) -> Result<(), Error> {
    if delete_over(tx, id, at)? {
        tx.invalidate(Invalidation::Session { pool: tx.pool(), session: id });
    }
    Ok(())
}

fn delete_over(tx: &mut Tx<'_>, id: SessionId, at: Timestamp) -> Result<bool, Error> {
    let token_hash = tx.row(&EXPIRE, &[&tx.pool(), &id, &at], |row| row.get::<[u8; 32]>(0))?;
    token_hash.iter().try_for_each(|token_hash| lookup::sessions::delete(tx, token_hash))?;
    Ok(token_hash.is_some())
}

const COUNT: Statement = sql("SELECT COUNT(*) FROM sessions WHERE expires_at > $1 AND idle_until > $1");

/// How many sessions of all pools are within their times.
pub fn count_live(tx: &mut impl Statements, now: Timestamp) -> Result<i64, Error> {
    Ok(tx.row(&COUNT, &[&now], |row| row.get(0))?.unwrap_or(0))
}

macro_rules! count_up_to {
    ($which:literal, $order:literal, $limit:literal) => {
        sql(concat!(
            "SELECT COUNT(*) FROM (SELECT id FROM sessions WHERE ",
            $which,
            " ORDER BY ",
            $order,
            " LIMIT ",
            $limit,
            ") counted"
        ))
    };
}

const COUNT_UP_TO: Statement = count_up_to!("idle_until > $1", "idle_until", "$2");

/// How many sessions of all pools are within their times, counted up to `limit`.
pub fn count_live_up_to(tx: &mut impl Statements, now: Timestamp, limit: i64) -> Result<i64, Error> {
    Ok(tx.row(&COUNT_UP_TO, &[&now, &limit], |row| row.get(0))?.unwrap_or(0))
}

const COUNT_OF_POOL: Statement = count_up_to!("pool = $1 AND idle_until > $2", "id", "$3");

/// The same of one pool.
pub fn count_live_of_pool(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<i64, Error> {
    Ok(tx.row(&COUNT_OF_POOL, &[&tx.pool(), &now, &limit], |row| row.get(0))?.unwrap_or(0))
}

const COUNT_AT: Statement = count_up_to!("pool = $1 AND tenant = $2 AND idle_until > $3", "id", "$4");

/// The same of one tenant itself.
pub fn count_live_at(tx: &mut Tx<'_>, tenant: TenantId, now: Timestamp, limit: i64) -> Result<i64, Error> {
    Ok(tx.row(&COUNT_AT, &[&tx.pool(), &tenant, &now, &limit], |row| row.get(0))?.unwrap_or(0))
}

/// How long a session must be over before a sweep deletes it. Memories are not told of it: what they remember of the
/// session has ended by itself. An hour is more than a use waits to be written down, which may still prolong it, and more
/// than the clocks of two nodes are apart.
const OVER_FOR: Duration = Duration::from_secs(60 * 60);

/// A session's idle end is never later than its absolute one.
const EXPIRED: Statement =
    sql("SELECT pool, id FROM sessions WHERE idle_until <= $1 ORDER BY idle_until LIMIT $2");

/// Deletes up to `limit` sessions whose time has been over for an hour; `true` if there may be more. It makes nothing
/// stale: a thousand of them would have every node forget everybody.
pub fn sweep(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<bool, Error> {
    let ended = now.minus(OVER_FOR);
    let expired: Vec<(PoolId, SessionId)> =
        tx.rows(&EXPIRED, &[&ended, &limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (pool, id) in &expired {
        tx.in_pool(*pool, |tx| delete_over(tx, *id, ended))?;
    }
    Ok(i64::try_from(expired.len()).is_ok_and(|swept| swept >= limit))
}

fn read(row: &Row<'_>) -> Result<StoredSession, Error> {
    let scheme = row.parsed(7, SessionScheme::parse)?;
    Ok(StoredSession {
        session: Session {
            pool: row.get(0)?,
            id: row.get(1)?,
            person: row.get(3)?,
            tenant: row.get(4)?,
            application: row.get(5)?,
            door: row.get(6)?,
            kind: row.parsed_option(17, Kind::parse)?.unwrap_or(scheme.least_kind()),
            scheme,
            signed_in_at: row.get(11)?,
            last_used_at: row.get(12)?,
            idle_until: row.get(13)?,
            expires_at: row.get(14)?,
            address: row.parsed_option(15, |text| text.parse().ok())?,
            agent: row.get(16)?,
        },
        token_hash: row.get(2)?,
        person_generation: row.get(8)?,
        tenant_generation: row.get(9)?,
        epoch: row.get(10)?,
    })
}
