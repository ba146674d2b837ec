//! How often things were used, by day, under each tenant whose administrator may see it. Written behind the answer, added up by
//! every node; by whom is `used_by.rs`.

use crate::{Error, HouseTx, Statement, Statements, Tx, sql, used_by};
use doorward_model::{Day, PoolId, TenantId, Timestamp, UseKind};
use uuid::Uuid;

/// The pool and the tenant under which stands what is counted over all pools.
pub const HOUSE: (PoolId, TenantId) = (PoolId::new(Uuid::nil()), TenantId::new(Uuid::nil()));

/// What is counted, and under which tenant.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Everything at this tenant and below it.
    pub scope: TenantId,
    /// What is counted.
    pub kind: UseKind,
    /// Of which thing: an id's bytes, or a text's.
    pub subject: &'a [u8],
}

const ADD: Statement = sql(
    "INSERT INTO uses (pool, scope, kind, subject, day, counted, last_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (pool, scope, kind, subject, day) DO UPDATE SET counted = uses.counted + $6, \
     last_at = CASE WHEN uses.last_at < $7 THEN $7 ELSE uses.last_at END",
);

/// Adds uses to the day of `at`, of which `at` may be the last.
pub fn add(tx: &mut Tx<'_>, of: Of<'_>, uses: i64, at: Timestamp) -> Result<(), Error> {
    let Of { scope, kind, subject } = of;
    tx.execute(&ADD, &[&tx.pool(), &scope, &kind.as_str(), &subject, &Day::of(at).number(), &uses, &at])?;
    Ok(())
}

const LIST_DAYS: Statement = sql("SELECT day, counted FROM uses \
     WHERE pool = $1 AND scope = $2 AND kind = $3 AND subject = $4 AND day >= $5 ORDER BY day LIMIT $6");
/// Longer than days are kept.
const MOST_DAYS: i64 = 1_000;

/// The days from one on that have uses, and how many.
pub fn list_days(tx: &mut Tx<'_>, of: Of<'_>, from: Day) -> Result<Vec<(Day, i64)>, Error> {
    let Of { scope, kind, subject } = of;
    let from = from.number();
    tx.rows(&LIST_DAYS, &[&tx.pool(), &scope, &kind.as_str(), &subject, &from, &MOST_DAYS], |row| {
        Ok((Day::new(row.get(0)?), row.get(1)?))
    })
}

const FIND_LAST: Statement = sql("SELECT last_at FROM uses \
     WHERE pool = $1 AND scope = $2 AND kind = $3 AND subject = $4 ORDER BY day DESC LIMIT 1");

/// When it was used last, as far as days are kept.
pub fn find_last(tx: &mut Tx<'_>, of: Of<'_>) -> Result<Option<Timestamp>, Error> {
    let Of { scope, kind, subject } = of;
    tx.row(&FIND_LAST, &[&tx.pool(), &scope, &kind.as_str(), &subject], |row| row.get(0))
}

/// A tenant's moves are told apart by nothing.
const ANY: &[u8] = b"tenants";

/// Notes that a tenant came below another: uses there of before stand where it was. They are not copied, which would be a year of
/// rows in one transaction.
pub(crate) fn note_move(tx: &mut Tx<'_>, onto: TenantId, at: Timestamp) -> Result<(), Error> {
    add(tx, Of { scope: onto, kind: UseKind::Moved, subject: ANY }, 1, at)
}

/// When a tenant was last moved to below this one, as far as days are kept.
pub fn find_move(tx: &mut Tx<'_>, scope: TenantId) -> Result<Option<Timestamp>, Error> {
    find_last(tx, Of { scope, kind: UseKind::Moved, subject: ANY })
}

const NEXT_SUBJECT: Statement = sql("SELECT subject FROM uses \
     WHERE pool = $1 AND scope = $2 AND kind = $3 AND subject > $4 ORDER BY subject LIMIT 1");

/// Up to `limit` things of a kind that were used under a tenant, by their names. One look-up each, however many days they have.
pub fn list_subjects(
    tx: &mut Tx<'_>,
    scope: TenantId,
    kind: UseKind,
    limit: usize,
) -> Result<Vec<Vec<u8>>, Error> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    while found.len() < limit {
        let after = found.last().cloned().unwrap_or_default();
        let next = tx.row(&NEXT_SUBJECT, &[&tx.pool(), &scope, &kind.as_str(), &after], |row| row.get(0))?;
        let Some(next) = next else { break };
        found.push(next);
    }
    Ok(found)
}

const FIRST_DAY: Statement = sql("SELECT day FROM uses ORDER BY day LIMIT 1");

/// The first day of which anything is known, in whichever pool.
pub fn find_first_day(tx: &mut HouseTx<'_>) -> Result<Option<Day>, Error> {
    tx.row(&FIRST_DAY, &[], |row| row.get(0).map(Day::new))
}

const DUE: Statement = sql("SELECT pool, scope, kind, subject, day FROM uses WHERE day < $1 \
     ORDER BY day LIMIT $2");
const DELETE: Statement = sql("DELETE FROM uses \
     WHERE pool = $1 AND scope = $2 AND kind = $3 AND subject = $4 AND day = $5");

/// Forgets up to `limit` days before one, and whoever was last seen before it; `true` if there may be more.
pub fn sweep(tx: &mut HouseTx<'_>, before: Day, limit: i64) -> Result<bool, Error> {
    let due = tx.rows(&DUE, &[&before.number(), &limit], |row| {
        let kind = row.parsed(2, UseKind::parse)?;
        Ok((row.get::<PoolId>(0)?, row.get::<TenantId>(1)?, kind, row.get::<Vec<u8>>(3)?, row.get::<i64>(4)?))
    })?;
    for (pool, scope, kind, subject, day) in &due {
        let is_clean = tx.in_pool(*pool, |tx| {
            let of = Of { scope: *scope, kind: *kind, subject };
            // People first: they are found by their day's row.
            if used_by::forget(tx, of, before.begins(), limit)? {
                return Ok::<_, Error>(false);
            }
            tx.execute(&DELETE, &[&tx.pool(), scope, &kind.as_str(), subject, day])?;
            Ok(true)
        })?;
        if !is_clean {
            return Ok(true);
        }
    }
    Ok(i64::try_from(due.len()).is_ok_and(|swept| swept >= limit))
}
