//! Long work: how each stands. Its rows are apart (`work_parts.rs`, `work_refusals.rs`), because every look at one would read
//! them along.

use crate::{Error, HouseTx, Row, Statement, Statements, Tx, sql};
use doorward_model::{PoolId, TenantId, Timestamp, Work, WorkId, WorkKind, WorkState};

macro_rules! columns {
    () => {
        "pool, id, tenant, kind, state, wish, maker, actor, address, epoch, made_at, due_at, step, place, done, refused, \
         total, bytes, reason, finished_at, erase_at, is_erased"
    };
}

const INSERT: Statement = sql(concat!(
    "INSERT INTO works (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"
));

/// Adds a work.
pub fn insert(tx: &mut Tx<'_>, work: &Work) -> Result<(), Error> {
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &work.id,
            &work.tenant,
            &work.kind.as_str(),
            &work.state.as_str(),
            &work.wish,
            &work.maker,
            &work.actor,
            &work.address.map(|address| address.to_string()),
            &work.epoch,
            &work.made_at,
            &work.due_at,
            &work.step,
            &work.place,
            &work.done,
            &work.refused,
            &work.total,
            &work.bytes,
            &work.reason,
            &work.finished_at,
            &work.erase_at,
            &work.is_erased,
        ],
    )?;
    Ok(())
}

const UPDATE: Statement = sql(
    "UPDATE works SET state = $4, due_at = $5, step = $6, place = $7, done = $8, refused = $9, bytes = $10, \
     reason = $11, finished_at = $12, erase_at = $13, is_erased = $14 WHERE pool = $1 AND id = $2 AND step = $3",
);

/// Writes how a work stands now; `false` where it is not as it was read any more: then nothing is written.
pub fn update(tx: &mut Tx<'_>, work: &Work) -> Result<bool, Error> {
    let written = tx.execute(
        &UPDATE,
        &[
            &tx.pool(),
            &work.id,
            &work.step,
            &work.state.as_str(),
            &work.due_at,
            &(work.step + 1),
            &work.place,
            &work.done,
            &work.refused,
            &work.bytes,
            &work.reason,
            &work.finished_at,
            &work.erase_at,
            &work.is_erased,
        ],
    )?;
    Ok(written == 1)
}

const REWRITE: Statement =
    sql("UPDATE works SET maker = $3, actor = $4, address = $5, wish = $6 WHERE pool = $1 AND id = $2");

/// The same as [`update`], with on whose behalf it is done, from where, and how.
pub fn rewrite(tx: &mut Tx<'_>, work: &Work) -> Result<bool, Error> {
    if !update(tx, work)? {
        return Ok(false);
    }
    let address = work.address.map(|address| address.to_string());
    tx.execute(&REWRITE, &[&tx.pool(), &work.id, &work.maker, &work.actor, &address, &work.wish])?;
    Ok(true)
}

const FIND: Statement = sql(concat!("SELECT ", columns!(), " FROM works WHERE pool = $1 AND id = $2"));

/// One work.
pub fn find(tx: &mut Tx<'_>, id: WorkId) -> Result<Option<Work>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const LIST_BEFORE: Statement = sql(concat!(
    "SELECT ",
    columns!(),
    " FROM works WHERE pool = $1 AND tenant = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
));

/// A tenant's works that were made before one, newest first.
pub fn list_before(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    before: WorkId,
    limit: i64,
) -> Result<Vec<Work>, Error> {
    tx.rows(&LIST_BEFORE, &[&tx.pool(), &tenant, &before, &limit], read)
}

const LIST_ALL_BEFORE: Statement =
    sql(concat!("SELECT ", columns!(), " FROM works WHERE id < $1 ORDER BY id DESC LIMIT $2"));

/// Everybody's works that were made before one, newest first.
pub fn list_all_before(tx: &mut HouseTx<'_>, before: WorkId, limit: i64) -> Result<Vec<Work>, Error> {
    tx.rows(&LIST_ALL_BEFORE, &[&before, &limit], read)
}

const COUNT_AT: Statement = sql("SELECT count(*) FROM works WHERE pool = $1 AND tenant = $2 AND state = $3");

/// How many works of a tenant are in a state.
pub fn count_at(tx: &mut Tx<'_>, tenant: TenantId, state: WorkState) -> Result<i64, Error> {
    let counted = tx.row(&COUNT_AT, &[&tx.pool(), &tenant, &state.as_str()], |row| row.get(0))?;
    Ok(counted.unwrap_or(0))
}

const COUNT_KEPT: Statement =
    sql("SELECT count(*) FROM works WHERE pool = $1 AND is_erased = $2 AND erase_at > $3");
const COUNT_KEPT_AT: Statement =
    sql("SELECT count(*) FROM works WHERE pool = $1 AND is_erased = $2 AND erase_at > $3 AND tenant = $4");

/// How many works still have rows that somebody may ask for: of a tenant, or of the whole pool.
pub fn count_kept(tx: &mut Tx<'_>, tenant: Option<TenantId>, now: Timestamp) -> Result<i64, Error> {
    let counted = match tenant {
        None => tx.row(&COUNT_KEPT, &[&tx.pool(), &false, &now], |row| row.get(0))?,
        Some(tenant) => tx.row(&COUNT_KEPT_AT, &[&tx.pool(), &false, &now, &tenant], |row| row.get(0))?,
    };
    Ok(counted.unwrap_or(0))
}

const FIND_DUE: Statement = sql(concat!(
    "SELECT ",
    columns!(),
    " FROM works WHERE state = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT 1"
));

/// The running work of any pool that has waited longest for its turn.
pub fn find_due(tx: &mut HouseTx<'_>, now: Timestamp) -> Result<Option<Work>, Error> {
    tx.row(&FIND_DUE, &[&WorkState::Running.as_str(), &now], read)
}

const LIST_RUNNING_OF: Statement =
    sql(concat!("SELECT ", columns!(), " FROM works WHERE state = $1 AND maker = $2 ORDER BY id"));

/// The running works of any pool that were begun by this one.
pub fn list_running_of(tx: &mut HouseTx<'_>, maker: &str) -> Result<Vec<Work>, Error> {
    tx.rows(&LIST_RUNNING_OF, &[&WorkState::Running.as_str(), &maker], read)
}

const LIST_OVER: Statement =
    sql("SELECT pool, id FROM works WHERE erase_at <= $1 ORDER BY erase_at LIMIT $2");

/// Works of any pool whose rows, or figures, are not kept any longer.
pub fn list_over(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<Vec<(PoolId, WorkId)>, Error> {
    tx.rows(&LIST_OVER, &[&now, &limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM works WHERE pool = $1 AND id = $2");

/// Forgets a work altogether. Its rows go before.
pub fn delete(tx: &mut Tx<'_>, id: WorkId) -> Result<(), Error> {
    tx.execute(&DELETE, &[&tx.pool(), &id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Work, Error> {
    Ok(Work {
        pool: row.get(0)?,
        id: row.get(1)?,
        tenant: row.get(2)?,
        kind: row.parsed(3, WorkKind::parse)?,
        state: row.parsed(4, WorkState::parse)?,
        wish: row.get(5)?,
        maker: row.get(6)?,
        actor: row.get(7)?,
        address: row.parsed_option(8, |text| text.parse().ok())?,
        epoch: row.get(9)?,
        made_at: row.get(10)?,
        due_at: row.get(11)?,
        step: row.get(12)?,
        place: row.get(13)?,
        done: row.get(14)?,
        refused: row.get(15)?,
        total: row.get(16)?,
        bytes: row.get(17)?,
        reason: row.get(18)?,
        finished_at: row.get(19)?,
        erase_at: row.get(20)?,
        is_erased: row.get(21)?,
    })
}
