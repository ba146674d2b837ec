//! Whether this program knows everything a database holds: it makes the list of what is moved from its own schema.

use crate::{Error, HouseTx, Statement, Statements, migrate, sql};

const NEWEST: Statement = sql("SELECT version FROM migrations ORDER BY version DESC LIMIT 1");

/// `false` for a database that a newer version migrated. It may serve over that; tables that it does not know it would
/// leave behind.
pub fn is_of_this_version(tx: &mut HouseTx<'_>) -> Result<bool, Error> {
    let newest: Option<i64> = tx.row(&NEWEST, &[], |row| row.get(0))?;
    Ok(newest == Some(migrate::program()))
}
