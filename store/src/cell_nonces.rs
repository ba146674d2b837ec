//! Signed requests of other cells that were taken: none is taken twice, by any node, also after a restart.

use crate::{Error, HouseTx, Statement, Statements, sql};
use doorward_model::{RegionCode, Timestamp};

const INSERT: Statement = sql("INSERT INTO cell_nonces (cell, nonce, until) VALUES ($1, $2, $3) \
     ON CONFLICT (cell, nonce) DO NOTHING");

/// Takes a request; `false` for one that was taken before. After `until` its own time is too old.
pub fn take(tx: &mut HouseTx<'_>, cell: &RegionCode, nonce: &str, until: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&INSERT, &[&cell.as_str(), &nonce, &until])? > 0)
}

const SWEEP: Statement = sql("DELETE FROM cell_nonces WHERE (cell, nonce) IN \
     (SELECT cell, nonce FROM cell_nonces WHERE until < $1 ORDER BY until LIMIT $2)");

/// Forgets up to `limit` that are too old anyway; `true` if there may be more.
pub fn sweep(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<bool, Error> {
    let swept = tx.execute(&SWEEP, &[&now, &limit])?;
    Ok(i64::try_from(swept).is_ok_and(|swept| swept >= limit))
}
