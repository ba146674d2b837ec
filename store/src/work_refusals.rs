//! Lines of imports that could not be done, each sealed with its reason.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::WorkId;

const PUT: Statement = sql("INSERT INTO work_refusals (pool, work, line, sealed) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pool, work, line) DO UPDATE SET sealed = excluded.sealed");

/// Keeps a line.
pub fn put(tx: &mut Tx<'_>, work: WorkId, line: i64, sealed: &[u8]) -> Result<(), Error> {
    tx.execute(&PUT, &[&tx.pool(), &work, &line, &sealed])?;
    Ok(())
}

const LIST_AFTER: Statement = sql(
    "SELECT line, sealed FROM work_refusals WHERE pool = $1 AND work = $2 AND line > $3 ORDER BY line LIMIT $4",
);

/// Lines behind one, in their order.
pub fn list_after(
    tx: &mut Tx<'_>,
    work: WorkId,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Vec<u8>)>, Error> {
    tx.rows(&LIST_AFTER, &[&tx.pool(), &work, &after, &limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

const ERASE: Statement = sql("DELETE FROM work_refusals WHERE pool = $1 AND work = $2 AND line IN \
     (SELECT line FROM work_refusals WHERE pool = $1 AND work = $2 ORDER BY line LIMIT $3)");

/// Forgets up to `limit` lines of a work; `true` if there may be more.
pub fn erase(tx: &mut Tx<'_>, work: WorkId, limit: i64) -> Result<bool, Error> {
    let erased = tx.execute(&ERASE, &[&tx.pool(), &work, &limit])?;
    Ok(i64::try_from(erased).is_ok_and(|erased| erased >= limit))
}
