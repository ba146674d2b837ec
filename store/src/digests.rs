//! Digests: who wants some, when the next is due, and until when the last one told. Kept by [`crate::people`], worked through over
//! all pools in the order in which they are due.

use crate::{Error, HouseTx, Statement, Statements, Tx, sql};
use doorward_model::{Person, PersonId, PersonStatus, PoolId, Timestamp};

/// Where somebody's digests stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digests {
    /// When to look again.
    pub due_at: Timestamp,
    /// Everything before this moment was told; the epoch for who wanted digests before there were any.
    pub told_until: Timestamp,
}

/// At the next round.
const AT_ONCE: Timestamp = Timestamp::from_micros(0);

const FOLLOW: Statement =
    sql("INSERT INTO digests (pool, person, due_at, told_until) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pool, person) DO UPDATE SET due_at = $3");

/// After somebody was made or changed: who wants digests is looked at in the next round, as their hours or their zone may be
/// others; who wants none is forgotten.
pub(crate) fn follow(tx: &mut Tx<'_>, person: &Person) -> Result<(), Error> {
    if person.status == PersonStatus::Active && person.notifications.wants_digest() {
        tx.execute(&FOLLOW, &[&tx.pool(), &person.id, &AT_ONCE, &person.modified_at])?;
        Ok(())
    } else {
        forget(tx, person.id)
    }
}

const FORGET: Statement = sql("DELETE FROM digests WHERE pool = $1 AND person = $2");

/// Tells somebody of nothing any more.
pub fn forget(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Error> {
    tx.execute(&FORGET, &[&tx.pool(), &person])?;
    Ok(())
}

const LIST_DUE: Statement =
    sql("SELECT pool, person FROM digests WHERE due_at <= $1 ORDER BY due_at LIMIT $2");

/// Who is to be looked at, the longest due first.
pub fn list_due(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<Vec<(PoolId, PersonId)>, Error> {
    tx.rows(&LIST_DUE, &[&now, &limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

const FIND: Statement = sql("SELECT due_at, told_until FROM digests WHERE pool = $1 AND person = $2");

/// Where somebody's digests stand; `None` for who wants none.
pub fn find(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Digests>, Error> {
    tx.row(&FIND, &[&tx.pool(), &person], |row| Ok(Digests { due_at: row.get(0)?, told_until: row.get(1)? }))
}

const PUT_OFF: Statement = sql(
    "UPDATE digests SET due_at = $3 WHERE pool = $1 AND due_at <= $2 AND told_until > 0 AND person IN \
     (SELECT person FROM digests WHERE pool = $1 AND due_at <= $2 AND told_until > 0 ORDER BY due_at, person LIMIT $4)",
);

/// Has up to `most` of those who are due now looked at again at `until`, the longest due first. Not whoever wanted digests before
/// there were any: theirs begin when they are first looked at.
pub fn put_off(tx: &mut Tx<'_>, now: Timestamp, until: Timestamp, most: i64) -> Result<(), Error> {
    tx.execute(&PUT_OFF, &[&tx.pool(), &now, &until, &most])?;
    Ok(())
}

const PUT: Statement = sql("UPDATE digests SET due_at = $3, told_until = $4 WHERE pool = $1 AND person = $2");

/// Writes where they stand now, in the transaction that queues what is told.
pub fn put(tx: &mut Tx<'_>, person: PersonId, now: Digests) -> Result<(), Error> {
    tx.execute(&PUT, &[&tx.pool(), &person, &now.due_at, &now.told_until])?;
    Ok(())
}
