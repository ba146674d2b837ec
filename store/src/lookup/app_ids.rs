//! Application id → application.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{AppId, ApplicationId, PoolId};

const INSERT: Statement = sql("INSERT INTO lookup_app_ids (app_id, pool, application) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, app_id: &AppId, id: ApplicationId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&app_id.as_str(), &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, application FROM lookup_app_ids WHERE app_id = $1");

/// Where it leads.
pub fn find(tx: &mut impl Statements, app_id: &AppId) -> Result<Option<(PoolId, ApplicationId)>, Error> {
    tx.row(&FIND, &[&app_id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM lookup_app_ids WHERE app_id = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, app_id: &AppId) -> Result<(), Error> {
    tx.execute(&DELETE, &[&app_id.as_str(), &tx.pool()])?;
    Ok(())
}
