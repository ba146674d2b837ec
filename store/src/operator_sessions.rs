//! Sessions of operators. They cross pools; tokens are kept as keyed hashes only, and nothing remembers them: one that is
//! deleted is refused at once, on every node.

use crate::{Error, HouseTx, Row, Statement, Statements, sql};
use doorward_model::{OperatorId, OperatorSession, OperatorSessionId, Timestamp};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, operator, epoch, signed_in_at, last_used_at, idle_until, expires_at, address, agent \
             FROM operator_sessions ",
            $rest
        )
    };
}

const INSERT: Statement = sql(
    "INSERT INTO operator_sessions (id, operator, token_hash, epoch, signed_in_at, last_used_at, idle_until, expires_at, \
     address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);

/// Opens a session.
pub fn insert(tx: &mut HouseTx<'_>, session: &OperatorSession, token_hash: &[u8; 32]) -> Result<(), Error> {
    tx.execute(
        &INSERT,
        &[
            &session.id,
            &session.operator,
            &token_hash,
            &session.epoch,
            &session.signed_in_at,
            &session.last_used_at,
            &session.idle_until,
            &session.expires_at,
            &session.address.map(|address| address.to_string()),
            &session.agent,
        ],
    )?;
    Ok(())
}

const FIND_BY_HASH: Statement = sql(select!("WHERE token_hash = $1"));

/// The session of a token's hash, whether it still lives or not.
pub fn find_by_hash(tx: &mut HouseTx<'_>, hash: &[u8; 32]) -> Result<Option<OperatorSession>, Error> {
    tx.row(&FIND_BY_HASH, &[hash], read)
}

const LIST: Statement = sql(select!("ORDER BY signed_in_at, id"));

/// Every operator's sessions, oldest first, expired ones among them perhaps.
pub fn list(tx: &mut HouseTx<'_>) -> Result<Vec<OperatorSession>, Error> {
    tx.rows(&LIST, &[], read)
}

const TOUCH: Statement = sql("UPDATE operator_sessions SET last_used_at = $2, idle_until = $3 \
     WHERE id = $1 AND idle_until < $3");

/// Lets a session live on; an earlier use that arrives late changes nothing.
pub fn touch(
    tx: &mut HouseTx<'_>,
    id: OperatorSessionId,
    used_at: Timestamp,
    idle_until: Timestamp,
) -> Result<(), Error> {
    tx.execute(&TOUCH, &[&id, &used_at, &idle_until])?;
    Ok(())
}

const DELETE: Statement = sql("DELETE FROM operator_sessions WHERE id = $1");

/// Ends a session; `false` if there is none.
pub fn delete(tx: &mut HouseTx<'_>, id: OperatorSessionId) -> Result<bool, Error> {
    Ok(tx.execute(&DELETE, &[&id])? > 0)
}

const DELETE_OF: Statement = sql("DELETE FROM operator_sessions WHERE operator = $1");

/// Ends all of an operator's; says how many.
pub fn delete_of(tx: &mut HouseTx<'_>, operator: OperatorId) -> Result<u64, Error> {
    tx.execute(&DELETE_OF, &[&operator])
}

const SWEEP: Statement = sql("DELETE FROM operator_sessions WHERE id IN \
     (SELECT id FROM operator_sessions WHERE idle_until < $1 ORDER BY idle_until LIMIT $2)");

/// Forgets up to `limit` sessions that were over before `now`; `true` if there may be more.
pub fn sweep(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<bool, Error> {
    let swept = tx.execute(&SWEEP, &[&now, &limit])?;
    Ok(i64::try_from(swept).is_ok_and(|swept| swept >= limit))
}

fn read(row: &Row<'_>) -> Result<OperatorSession, Error> {
    let address: Option<String> = row.get(7)?;
    Ok(OperatorSession {
        id: row.get(0)?,
        operator: row.get(1)?,
        epoch: row.get(2)?,
        signed_in_at: row.get(3)?,
        last_used_at: row.get(4)?,
        idle_until: row.get(5)?,
        expires_at: row.get(6)?,
        address: address.and_then(|address| address.parse().ok()),
        agent: row.get(8)?,
    })
}
