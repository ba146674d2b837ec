//! Sub-domain → tenant.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{PoolId, Slug, TenantId};

const INSERT: Statement = sql("INSERT INTO lookup_slugs (slug, pool, tenant) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, slug: &Slug, id: TenantId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&slug.as_str(), &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, tenant FROM lookup_slugs WHERE slug = $1");

/// Where it leads.
pub fn find(tx: &mut impl Statements, slug: &Slug) -> Result<Option<(PoolId, TenantId)>, Error> {
    tx.row(&FIND, &[&slug.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
}

const FIND_POOL: Statement = sql("SELECT pool FROM lookup_slugs WHERE tenant = $1 ORDER BY slug LIMIT 1");

/// In which pool a tenant is, for whoever knows its id alone.
pub fn find_pool(tx: &mut impl Statements, tenant: TenantId) -> Result<Option<PoolId>, Error> {
    tx.row(&FIND_POOL, &[&tenant], |row| row.get(0))
}

const DELETE: Statement = sql("DELETE FROM lookup_slugs WHERE slug = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, slug: &Slug) -> Result<(), Error> {
    tx.execute(&DELETE, &[&slug.as_str(), &tx.pool()])?;
    Ok(())
}
