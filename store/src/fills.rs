//! Filling in behind what a version began to need for those who were here before: once over all people, a piece at a time, so that
//! it can be ended and go on. Doing a piece twice does no harm.

use crate::{Error, HouseTx, Statement, Statements, Tx, sql};
use doorward_model::{PersonId, PoolId};
use uuid::Uuid;

const HOW_FAR: Statement = sql("SELECT last_pool, last_id, done FROM fills WHERE work = $1");
const GOT: Statement = sql("INSERT INTO fills (work, last_pool, last_id, done) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (work) DO UPDATE SET last_pool = $2, last_id = $3, done = $4");
const NEXT: Statement =
    sql("SELECT pool, id FROM people WHERE (pool, id) > ($1, $2) ORDER BY pool, id LIMIT $3");

/// Whether this work is done for everybody.
pub(crate) fn is_done(tx: &mut impl Statements, work: &str) -> Result<bool, Error> {
    Ok(tx.row(&HOW_FAR, &[&work], |row| row.get::<bool>(2))?.unwrap_or(false))
}

/// Does this work for the next `people` of all pools in the order of keys, and remembers how far it came; `true` if there may be
/// more.
pub(crate) fn go_on(
    tx: &mut HouseTx<'_>,
    work: &str,
    people: i64,
    fill: impl Fn(&mut Tx<'_>, PersonId) -> Result<(), Error>,
) -> Result<bool, Error> {
    let so_far = tx.row(&HOW_FAR, &[&work], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let begin = (PoolId::new(Uuid::nil()), PersonId::new(Uuid::nil()), false);
    let (pool, after, done) = so_far.unwrap_or(begin);
    if done {
        return Ok(false);
    }
    let next = tx
        .rows(&NEXT, &[&pool, &after, &people], |row| Ok((row.get::<PoolId>(0)?, row.get::<PersonId>(1)?)))?;
    for (pool, person) in &next {
        tx.in_pool(*pool, |tx| fill(tx, *person))?;
    }
    let goes_on = i64::try_from(next.len()).is_ok_and(|found| found >= people);
    let (pool, after) = next.last().copied().unwrap_or((pool, after));
    tx.execute(&GOT, &[&work, &pool, &after, &!goes_on])?;
    Ok(goes_on)
}
