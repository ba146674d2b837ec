//! The revocation log: what became stale, in commit order, for nodes that did not make it so themselves.
//!
//! Nothing that ended lives on for want of its row: it ended by the write that came before. The log tells other nodes
//! what to forget, so it may be trimmed of what every one of them has read. Within a shard the numbers have no gap, and
//! the shard's epoch is the last of them: a reader who finds the number after its last one missing has read too late,
//! and forgets everything.
//!
//! Whatever a transaction calls stale ([`Statements::invalidate`]) is appended by its last statements; nobody can forget
//! to. The row of the shard's epoch is locked from there to the commit, so order equals commit order.

use crate::{Error, HouseTx, Invalidation, Row, Statement, Statements, engine::Driver, sql};
use doorward_model::{PoolId, Timestamp};
use std::{collections::HashSet, time::Duration};

/// Enough that transactions which revoke rarely wait for each other (design: "256 epoch rows").
const SHARDS: u128 = 256;
/// Rows of one transaction. Whoever makes more stale at once, such as an import, makes everybody forget everything: it is
/// read again soon, and a longer log would be read row by row on every node.
const ROWS_MAX: usize = 128;

const ADVANCE: Statement = sql("INSERT INTO epochs (shard, value) VALUES ($1, $2) \
     ON CONFLICT (shard) DO UPDATE SET value = epochs.value + $2 RETURNING value");

const INSERT: Statement =
    sql("INSERT INTO revocations (shard, value, pool, kind, subject, at) VALUES ($1, $2, $3, $4, $5, $6)");

/// Appends what a transaction made stale. One shard takes all of it, so that two of them meet at one row at most.
pub(crate) fn append(driver: Driver<'_>, stale: &[Invalidation], at: Timestamp) -> Result<(), Error> {
    let mut seen = HashSet::new();
    let mut rows: Vec<Invalidation> = stale.iter().copied().filter(|stale| seen.insert(*stale)).collect();
    if rows.len() > ROWS_MAX {
        rows = vec![Invalidation::Everything];
    }
    let Some(first) = rows.first() else { return Ok(()) };
    let shard = shard_of(*first);
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let last: Option<i64> = driver.row(&ADVANCE, &[&shard, &count], |row| row.get(0))?;
    let last = last.ok_or_else(|| Error::Fault("an epoch did not advance".to_owned()))?;
    for (value, stale) in (last - count + 1..).zip(&rows) {
        let (pool, kind, subject) = (stale.pool(), stale.kind(), stale.subject());
        driver.execute(&INSERT, &[&shard, &value, &pool, &kind, &subject, &at])?;
    }
    Ok(())
}

fn shard_of(stale: Invalidation) -> i64 {
    i64::try_from(stale.subject().as_u128() % SHARDS).unwrap_or(0)
}

/// Rows younger than this are never trimmed, so a younger one that is missing was lost. Longer than any node may be
/// behind, and than clocks are apart.
pub const KEPT_AT_LEAST: Duration = Duration::from_secs(24 * 60 * 60);

const EPOCHS: Statement = sql("SELECT shard, value FROM epochs ORDER BY shard");

/// The last number of every shard that has one.
pub fn epochs(tx: &mut HouseTx<'_>) -> Result<Vec<(i64, i64)>, Error> {
    tx.rows(&EPOCHS, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// One row of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its number in its shard.
    pub value: i64,
    /// What became stale.
    pub stale: Invalidation,
    /// When its transaction began to write the log, by the clock of its node.
    pub at: Timestamp,
}

/// The last row of a shard.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Last {
    /// Its number.
    pub value: i64,
    /// What it says, unless it was trimmed.
    pub entry: Option<Entry>,
}

const LASTS: Statement = sql(
    "SELECT epochs.value, revocations.kind, revocations.pool, revocations.subject, revocations.at, epochs.shard \
     FROM epochs LEFT JOIN revocations ON revocations.shard = epochs.shard AND revocations.value = epochs.value \
     ORDER BY epochs.shard",
);

/// The last row of every shard that has one.
pub fn lasts(tx: &mut HouseTx<'_>) -> Result<Vec<(i64, Last)>, Error> {
    tx.rows(&LASTS, &[], |row| {
        let is_there = row.get::<Option<Timestamp>>(4)?.is_some();
        let entry = if is_there { Some(read(row)?) } else { None };
        Ok((row.get(5)?, Last { value: row.get(0)?, entry }))
    })
}

const SINCE: Statement = sql("SELECT value, kind, pool, subject, at FROM revocations \
     WHERE shard = $1 AND value > $2 ORDER BY value LIMIT $3");

/// The rows of a shard after a number, in commit order.
pub fn since(tx: &mut HouseTx<'_>, shard: i64, value: i64, limit: i64) -> Result<Vec<Entry>, Error> {
    tx.rows(&SINCE, &[&shard, &value, &limit], read)
}

fn read(row: &Row<'_>) -> Result<Entry, Error> {
    let (pool, subject): (PoolId, uuid::Uuid) = (row.get(2)?, row.get(3)?);
    let stale = row.parsed(1, |kind| Some(Invalidation::of(kind, pool, subject)))?;
    Ok(Entry { value: row.get(0)?, stale, at: row.get(4)? })
}

const TRIM: Statement = sql("DELETE FROM revocations WHERE (shard, value) IN \
     (SELECT shard, value FROM revocations WHERE at < $1 ORDER BY at LIMIT $2)");

/// Forgets up to `limit` entries from before `before`, which is [`KEPT_AT_LEAST`] ago or longer; `true` if there may be
/// more. The epochs stay.
pub fn trim(tx: &mut HouseTx<'_>, before: Timestamp, limit: i64) -> Result<bool, Error> {
    let trimmed = tx.execute(&TRIM, &[&before, &limit])?;
    Ok(i64::try_from(trimmed).is_ok_and(|trimmed| trimmed >= limit))
}
