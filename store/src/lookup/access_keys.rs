//! Access key → key pair.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{AccessKeyId, AccessKeyName, PoolId};

const INSERT: Statement = sql("INSERT INTO lookup_access_keys (name, pool, access_key) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, name: &AccessKeyName, id: AccessKeyId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&name.as_str(), &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, access_key FROM lookup_access_keys WHERE name = $1");

/// Where it leads.
pub fn find(tx: &mut impl Statements, name: &AccessKeyName) -> Result<Option<(PoolId, AccessKeyId)>, Error> {
    tx.row(&FIND, &[&name.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM lookup_access_keys WHERE name = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, name: &AccessKeyName) -> Result<(), Error> {
    tx.execute(&DELETE, &[&name.as_str(), &tx.pool()])?;
    Ok(())
}
