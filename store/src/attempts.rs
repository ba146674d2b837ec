//! Guessing counters and the places an account is known to sign in from. The rule that reads them is core's.

use crate::stretch::{Key, Stretch, read_key};
use crate::{Error, HouseTx, Statement, Statements, Tx, sql};
use doorward_model::{PoolId, Timestamp};
use uuid::Uuid;

/// What is remembered of one counted subject.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Attempts {
    /// Failures since the last success.
    pub failures: i64,
    /// Attempts that began and have not been settled.
    pub pending: i64,
    /// Until when the subject is refused.
    pub allowed_at: Timestamp,
    /// When this was last written.
    pub changed_at: Timestamp,
}

const FIND: Statement =
    sql("SELECT failures, pending, allowed_at, changed_at FROM attempts WHERE pool = $1 AND subject = $2");

/// The counters of a subject; zeroes for one never seen.
pub fn find(tx: &mut Tx<'_>, subject: &[u8; 32]) -> Result<Attempts, Error> {
    let found = tx.row(&FIND, &[&tx.pool(), subject], |row| {
        Ok(Attempts {
            failures: row.get(0)?,
            pending: row.get(1)?,
            allowed_at: row.get(2)?,
            changed_at: row.get(3)?,
        })
    })?;
    Ok(found.unwrap_or_default())
}

const PUT: Statement = sql(
    "INSERT INTO attempts (pool, subject, failures, pending, allowed_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (pool, subject) DO UPDATE SET failures = $3, pending = $4, allowed_at = $5, changed_at = $6",
);

/// Writes the counters of a subject.
pub fn put(tx: &mut Tx<'_>, subject: &[u8; 32], attempts: Attempts) -> Result<(), Error> {
    let Attempts { failures, pending, allowed_at, changed_at } = attempts;
    tx.execute(&PUT, &[&tx.pool(), subject, &failures, &pending, &allowed_at, &changed_at])?;
    Ok(())
}

const RENAME: Statement = sql("UPDATE attempts SET subject = $3 WHERE pool = $1 AND subject = $2");

/// Gives a subject's counters a name that nothing has yet; `false` if there were none.
pub fn rename(tx: &mut Tx<'_>, from: &[u8; 32], to: &[u8; 32]) -> Result<bool, Error> {
    Ok(tx.execute(&RENAME, &[&tx.pool(), from, to])? > 0)
}

macro_rules! over {
    ($before:literal, $rest:literal) => {
        concat!(
            $before,
            "allowed_at < $3 AND (changed_at < $3 AND failures = 0 AND pending = 0 OR changed_at < $4)",
            $rest
        )
    };
}

const LOOK_THROUGH: Statement = sql(over!(
    "SELECT pool, subject, CASE WHEN ",
    " THEN changed_at ELSE NULL END FROM attempts WHERE (pool, subject) > ($1, $2) ORDER BY pool, subject LIMIT $5"
));

/// Which of the next `limit` counters are over: untouched since `clean` and counting nothing, or untouched since `failed`.
pub fn look_through(
    tx: &mut HouseTx<'_>,
    after: Option<Key<[u8; 32]>>,
    (clean, failed): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Stretch<[u8; 32]>, Error> {
    let (pool, subject) = after.unwrap_or(FIRST);
    Ok(Stretch::of(tx.rows(&LOOK_THROUGH, &[&pool, &subject, &clean, &failed, &limit], read_key)?, limit))
}

const FORGET: Statement = sql(over!("DELETE FROM attempts WHERE pool = $1 AND subject = $2 AND ", ""));

/// Forgets a counter that [`look_through`] found to be over, if it still is.
pub fn forget(
    tx: &mut Tx<'_>,
    subject: &[u8; 32],
    (clean, failed): (Timestamp, Timestamp),
) -> Result<(), Error> {
    tx.execute(&FORGET, &[&tx.pool(), subject, &clean, &failed])?;
    Ok(())
}

const FIND_PLACE: Statement = sql("SELECT seen_at FROM known_places WHERE pool = $1 AND place = $2");

/// When the account of this place last signed in from it.
pub fn find_place(tx: &mut Tx<'_>, place: &[u8; 32]) -> Result<Option<Timestamp>, Error> {
    tx.row(&FIND_PLACE, &[&tx.pool(), place], |row| row.get(0))
}

const PUT_PLACE: Statement = sql("INSERT INTO known_places (pool, place, seen_at) VALUES ($1, $2, $3) \
     ON CONFLICT (pool, place) DO UPDATE SET seen_at = $3");

/// Remembers that the account of this place signed in from it.
pub fn put_place(tx: &mut Tx<'_>, place: &[u8; 32], at: Timestamp) -> Result<(), Error> {
    tx.execute(&PUT_PLACE, &[&tx.pool(), place, &at])?;
    Ok(())
}

const RENAME_PLACE: Statement = sql("UPDATE known_places SET place = $3 WHERE pool = $1 AND place = $2");

/// Gives a place a name that nothing has yet; `false` if it was not known.
pub fn rename_place(tx: &mut Tx<'_>, from: &[u8; 32], to: &[u8; 32]) -> Result<bool, Error> {
    Ok(tx.execute(&RENAME_PLACE, &[&tx.pool(), from, to])? > 0)
}

const LOOK_THROUGH_PLACES: Statement =
    sql("SELECT pool, place, CASE WHEN seen_at < $3 THEN seen_at ELSE NULL END FROM known_places \
         WHERE (pool, place) > ($1, $2) ORDER BY pool, place LIMIT $4");

/// Which of the next `limit` places were not seen since `before`.
pub fn look_through_places(
    tx: &mut HouseTx<'_>,
    after: Option<Key<[u8; 32]>>,
    before: Timestamp,
    limit: i64,
) -> Result<Stretch<[u8; 32]>, Error> {
    let (pool, place) = after.unwrap_or(FIRST);
    Ok(Stretch::of(tx.rows(&LOOK_THROUGH_PLACES, &[&pool, &place, &before, &limit], read_key)?, limit))
}

const FORGET_PLACE: Statement =
    sql("DELETE FROM known_places WHERE pool = $1 AND place = $2 AND seen_at < $3");

/// Forgets a place that [`look_through_places`] found to be over, if it still is.
pub fn forget_place(tx: &mut Tx<'_>, place: &[u8; 32], before: Timestamp) -> Result<(), Error> {
    tx.execute(&FORGET_PLACE, &[&tx.pool(), place, &before])?;
    Ok(())
}

/// Before every key: no pool has this id.
const FIRST: Key<[u8; 32]> = (PoolId::new(Uuid::nil()), [0; 32]);
