//! Tallies: how often something happened within a span of time that began with the first time. Rows are named by a
//! keyed hash; the rules that read them are core's.

use crate::{Error, HouseTx, Statement, Statements, Tx, sql};
use doorward_model::Timestamp;

/// What was counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    /// How often, this time included.
    pub count: i64,
    /// Until when the next time is counted to it.
    pub ends_at: Timestamp,
}

/// A span that ends later than one begun now was begun by a clock that ran ahead (P21), and is over.
const COUNT: Statement = sql("INSERT INTO tallies (pool, subject, counted, ends_at) VALUES ($1, $2, 1, $4) \
     ON CONFLICT (pool, subject) DO UPDATE SET \
     counted = CASE WHEN tallies.ends_at > $3 AND tallies.ends_at <= $4 THEN tallies.counted + 1 ELSE 1 END, \
     ends_at = CASE WHEN tallies.ends_at > $3 AND tallies.ends_at <= $4 THEN tallies.ends_at ELSE $4 END \
     RETURNING counted, ends_at");

/// Counts once. Where no span runs at `now`, one begins that ends at `ends_at`.
pub fn count(
    tx: &mut Tx<'_>,
    subject: &[u8; 32],
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<Tally, Error> {
    let tally = tx.row(&COUNT, &[&tx.pool(), subject, &now, &ends_at], |row| {
        Ok(Tally { count: row.get(0)?, ends_at: row.get(1)? })
    })?;
    tally.ok_or_else(|| Error::Fault("a tally was not written".to_owned()))
}

const SWEEP: Statement = sql("DELETE FROM tallies WHERE (pool, subject) IN \
     (SELECT pool, subject FROM tallies WHERE ends_at < $1 ORDER BY ends_at LIMIT $2)");

/// Forgets up to `limit` tallies that were over before `now`; `true` if there may be more.
pub fn sweep(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<bool, Error> {
    let swept = tx.execute(&SWEEP, &[&now, &limit])?;
    Ok(i64::try_from(swept).is_ok_and(|swept| swept >= limit))
}
