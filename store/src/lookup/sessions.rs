//! Hash of a session token → session.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{PoolId, SessionId};

const INSERT: Statement = sql("INSERT INTO lookup_sessions (token_hash, pool, session) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, token_hash: &[u8; 32], id: SessionId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&token_hash, &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, session FROM lookup_sessions WHERE token_hash = $1");

/// Where it leads.
pub fn find(tx: &mut impl Statements, token_hash: &[u8; 32]) -> Result<Option<(PoolId, SessionId)>, Error> {
    tx.row(&FIND, &[&token_hash], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM lookup_sessions WHERE token_hash = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, token_hash: &[u8; 32]) -> Result<(), Error> {
    tx.execute(&DELETE, &[&token_hash, &tx.pool()])?;
    Ok(())
}
