//! The calls of an access key that may still count in its window: one row per key, for nodes that share them. The rule
//! that reads them is core's.

use crate::{Error, HouseTx, Statement, Statements, Tx, sql};
use doorward_model::{AccessKeyId, Timestamp};

const FIND: Statement = sql("SELECT passed FROM key_windows WHERE pool = $1 AND access_key = $2");

/// The moments of the calls that passed, as they were put.
pub fn find(tx: &mut Tx<'_>, key: AccessKeyId) -> Result<Vec<Timestamp>, Error> {
    let passed = tx.row(&FIND, &[&tx.pool(), &key], |row| row.get::<Vec<u8>>(0))?.unwrap_or_default();
    let (moments, []) = passed.as_chunks::<8>() else {
        return Err(Error::Fault("a window holds half a moment".to_owned()));
    };
    Ok(moments.iter().map(|moment| Timestamp::from_micros(i64::from_be_bytes(*moment))).collect())
}

const PUT: Statement =
    sql("INSERT INTO key_windows (pool, access_key, passed, empty_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pool, access_key) DO UPDATE SET passed = $3, empty_at = $4");

/// Writes the moments of the calls that may still count, until `empty_at`.
pub fn put(
    tx: &mut Tx<'_>,
    key: AccessKeyId,
    passed: impl IntoIterator<Item = Timestamp>,
    empty_at: Timestamp,
) -> Result<(), Error> {
    let passed: Vec<u8> = passed.into_iter().flat_map(|moment| moment.micros().to_be_bytes()).collect();
    tx.execute(&PUT, &[&tx.pool(), &key, &passed, &empty_at])?;
    Ok(())
}

const SWEEP: Statement = sql("DELETE FROM key_windows WHERE (pool, access_key) IN \
     (SELECT pool, access_key FROM key_windows WHERE empty_at < $1 ORDER BY empty_at LIMIT $2)");

/// Forgets up to `limit` windows that were empty before `now`; `true` if there may be more.
pub fn sweep(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<bool, Error> {
    let swept = tx.execute(&SWEEP, &[&now, &limit])?;
    Ok(i64::try_from(swept).is_ok_and(|swept| swept >= limit))
}
