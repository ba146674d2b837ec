//! Rows of long work, some at a time in one sealed part: of an import what is still to be done, of an export what was read.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::WorkId;

const PUT: Statement = sql("INSERT INTO work_parts (pool, work, number, sealed) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pool, work, number) DO UPDATE SET sealed = excluded.sealed");

/// Writes a part, instead of the one that may have its number.
pub fn put(tx: &mut Tx<'_>, work: WorkId, number: i64, sealed: &[u8]) -> Result<(), Error> {
    tx.execute(&PUT, &[&tx.pool(), &work, &number, &sealed])?;
    Ok(())
}

const LIST_FROM: Statement = sql(
    "SELECT number, sealed FROM work_parts WHERE pool = $1 AND work = $2 AND number >= $3 ORDER BY number LIMIT 1",
);
const NEXT: Statement = sql(
    "SELECT number FROM work_parts WHERE pool = $1 AND work = $2 AND number > $3 ORDER BY number LIMIT 1",
);

/// A part: its number, what it holds, and the number of the next.
pub type Part = (i64, Vec<u8>, Option<i64>);

/// The first part from a number on.
pub fn find_from(tx: &mut Tx<'_>, work: WorkId, number: i64) -> Result<Option<Part>, Error> {
    let read = |row: &crate::Row<'_>| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?));
    let Some((number, sealed)) = tx.row(&LIST_FROM, &[&tx.pool(), &work, &number], read)? else {
        return Ok(None);
    };
    let next = tx.row(&NEXT, &[&tx.pool(), &work, &number], |row| row.get(0))?;
    Ok(Some((number, sealed, next)))
}

const DELETE: Statement = sql("DELETE FROM work_parts WHERE pool = $1 AND work = $2 AND number = $3");

/// Forgets a part.
pub fn delete(tx: &mut Tx<'_>, work: WorkId, number: i64) -> Result<(), Error> {
    tx.execute(&DELETE, &[&tx.pool(), &work, &number])?;
    Ok(())
}

const ERASE: Statement = sql("DELETE FROM work_parts WHERE pool = $1 AND work = $2 AND number IN \
     (SELECT number FROM work_parts WHERE pool = $1 AND work = $2 ORDER BY number LIMIT $3)");

/// Forgets up to `limit` parts of a work; `true` if there may be more.
pub fn erase(tx: &mut Tx<'_>, work: WorkId, limit: i64) -> Result<bool, Error> {
    let erased = tx.execute(&ERASE, &[&tx.pool(), &work, &limit])?;
    Ok(i64::try_from(erased).is_ok_and(|erased| erased >= limit))
}
