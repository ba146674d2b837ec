//! Creates that name themselves, so that asking twice makes one thing. Rows are named by a keyed hash.

use crate::{Error, HouseTx, Statement, Statements, Tx, sql};
use doorward_model::Timestamp;
use uuid::Uuid;

/// What a name was good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claimed {
    /// Nothing yet: it is this request's now.
    Fresh,
    /// The same request came before, and this was made for it.
    Made(Uuid),
    /// Another request has it.
    Taken,
}

const CLAIM: Statement =
    sql("INSERT INTO once (pool, subject, request, made, ends_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (pool, subject) DO UPDATE SET request = $3, made = $4, ends_at = $5 \
     WHERE once.ends_at <= $6 RETURNING made");
const FIND: Statement = sql("SELECT request, made FROM once WHERE pool = $1 AND subject = $2");

/// Takes a name for what is about to be `made` in this transaction. Nothing may be refused after it: a refusal commits.
pub fn claim(
    tx: &mut Tx<'_>,
    subject: &[u8; 32],
    request: &[u8; 32],
    made: Uuid,
    (now, ends_at): (Timestamp, Timestamp),
) -> Result<Claimed, Error> {
    let parameters: [&dyn crate::ToValue; 6] = [&tx.pool(), subject, request, &made, &ends_at, &now];
    if tx.row(&CLAIM, &parameters, |row| row.get::<Uuid>(0))?.is_some() {
        return Ok(Claimed::Fresh);
    }
    let known =
        tx.row(&FIND, &[&tx.pool(), subject], |row| Ok((row.get::<[u8; 32]>(0)?, row.get::<Uuid>(1)?)))?;
    Ok(match known {
        Some((theirs, made)) if theirs == *request => Claimed::Made(made),
        Some(_) => Claimed::Taken,
        None => return Err(Error::Fault("a name was neither taken nor free".to_owned())),
    })
}

const FIND_LIVE: Statement =
    sql("SELECT request, made FROM once WHERE pool = $1 AND subject = $2 AND ends_at > $3");

/// What a name was good for before, without taking it; `None` where it is free.
pub fn find(
    tx: &mut Tx<'_>,
    subject: &[u8; 32],
    request: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Claimed>, Error> {
    let read = |row: &crate::Row<'_>| Ok((row.get::<[u8; 32]>(0)?, row.get::<Uuid>(1)?));
    let known = tx.row(&FIND_LIVE, &[&tx.pool(), subject, &now], read)?;
    Ok(known.map(|(theirs, made)| if theirs == *request { Claimed::Made(made) } else { Claimed::Taken }))
}

const SWEEP: Statement = sql("DELETE FROM once WHERE (pool, subject) IN \
     (SELECT pool, subject FROM once WHERE ends_at < $1 ORDER BY ends_at LIMIT $2)");

/// Forgets up to `limit` names that were over before `now`; `true` if there may be more.
pub fn sweep(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<bool, Error> {
    let swept = tx.execute(&SWEEP, &[&now, &limit])?;
    Ok(i64::try_from(swept).is_ok_and(|swept| swept >= limit))
}
