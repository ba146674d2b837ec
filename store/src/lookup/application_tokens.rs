//! Hash of an application's bearer token → token.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{ApplicationTokenId, PoolId};

const INSERT: Statement =
    sql("INSERT INTO lookup_application_tokens (token_hash, pool, token) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, token_hash: &[u8; 32], id: ApplicationTokenId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&token_hash, &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, token FROM lookup_application_tokens WHERE token_hash = $1");

/// Where it leads.
pub fn find(
    tx: &mut impl Statements,
    token_hash: &[u8; 32],
) -> Result<Option<(PoolId, ApplicationTokenId)>, Error> {
    tx.row(&FIND, &[&token_hash], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM lookup_application_tokens WHERE token_hash = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, token_hash: &[u8; 32]) -> Result<(), Error> {
    tx.execute(&DELETE, &[&token_hash, &tx.pool()])?;
    Ok(())
}
