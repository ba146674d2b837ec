//! Company number → tenant.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{CompanyNumber, PoolId, TenantId};

const INSERT: Statement = sql("INSERT INTO lookup_companies (number, pool, tenant) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, number: CompanyNumber, id: TenantId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&number.get(), &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, tenant FROM lookup_companies WHERE number = $1");

/// Where it leads.
pub fn find(tx: &mut impl Statements, number: CompanyNumber) -> Result<Option<(PoolId, TenantId)>, Error> {
    tx.row(&FIND, &[&number.get()], |row| Ok((row.get(0)?, row.get(1)?)))
}

const LIST_ROOTS_AFTER: Statement = sql(
    "SELECT number, pool FROM lookup_companies WHERE tenant = pool AND number > $1 ORDER BY number LIMIT $2",
);

/// The pools whose roots have a number behind this one, by that number; a root's id is its pool's.
pub fn list_roots_after(
    tx: &mut impl Statements,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, PoolId)>, Error> {
    tx.rows(&LIST_ROOTS_AFTER, &[&after, &limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM lookup_companies WHERE number = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, number: CompanyNumber) -> Result<(), Error> {
    tx.execute(&DELETE, &[&number.get(), &tx.pool()])?;
    Ok(())
}
