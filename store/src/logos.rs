//! Logos: the pictures on tenants' pages. Apart from the tenants, because every look at one would read it along.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{TenantId, Timestamp};

const SET: Statement = sql("INSERT INTO logos (pool, tenant, png, set_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pool, tenant) DO UPDATE SET png = excluded.png, set_at = excluded.set_at");

/// Gives a tenant a logo, instead of the one it may have.
pub fn set(tx: &mut Tx<'_>, tenant: TenantId, png: &[u8], now: Timestamp) -> Result<(), Error> {
    tx.execute(&SET, &[&tx.pool(), &tenant, &png.to_vec(), &now])?;
    Ok(())
}

const FIND: Statement = sql("SELECT png FROM logos WHERE pool = $1 AND tenant = $2");

/// A tenant's own logo.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Vec<u8>>, Error> {
    tx.row(&FIND, &[&tx.pool(), &tenant], |row| row.get(0))
}

const DELETE: Statement = sql("DELETE FROM logos WHERE pool = $1 AND tenant = $2");

/// Takes a tenant's logo away; `true` if it had one.
pub fn delete(tx: &mut Tx<'_>, tenant: TenantId) -> Result<bool, Error> {
    Ok(tx.execute(&DELETE, &[&tx.pool(), &tenant])? == 1)
}
