//! Which versions of the program may serve over a database, as the migrations of the newest say.

use crate::{Error, HouseTx, Statement, Statements, migrate, sql};

const OLDEST: Statement = sql("SELECT oldest FROM serving WHERE one = 1");

/// The oldest schema version whose programs may serve; `None` where nobody has said so yet.
pub fn oldest(tx: &mut HouseTx<'_>) -> Result<Option<i64>, Error> {
    tx.row(&OLDEST, &[], |row| row.get(0))
}

/// The newest schema version that this program knows.
pub fn program() -> i64 {
    migrate::program()
}
