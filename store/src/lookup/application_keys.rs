//! Hash of an application's key → application.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{ApplicationId, PoolId};

const INSERT: Statement =
    sql("INSERT INTO lookup_application_keys (key_hash, pool, application) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, key_hash: &[u8; 32], id: ApplicationId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&key_hash, &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, application FROM lookup_application_keys WHERE key_hash = $1");

/// Where it leads.
pub fn find(tx: &mut impl Statements, key_hash: &[u8; 32]) -> Result<Option<(PoolId, ApplicationId)>, Error> {
    tx.row(&FIND, &[&key_hash], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM lookup_application_keys WHERE key_hash = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, key_hash: &[u8; 32]) -> Result<(), Error> {
    tx.execute(&DELETE, &[&key_hash, &tx.pool()])?;
    Ok(())
}
