//! What this database is: its id, who made it, and the epoch that a restored backup advances.

use crate::{Error, HouseTx, Invalidation, Statement, Statements, sql};
use doorward_model::Timestamp;
use uuid::Uuid;

/// The one row about the database itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Installation {
    /// Names this database for life.
    pub id: Uuid,
    /// Which command made it: `demo` refuses what it did not make.
    pub made_by: String,
    /// Sessions and codes of an earlier epoch are dead.
    pub epoch: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

const INSERT: Statement =
    sql("INSERT INTO installation (one, id, made_by, epoch, created_at) VALUES (1, $1, $2, $3, $4) \
     ON CONFLICT (one) DO NOTHING");

/// Writes the row once; one that is there stays.
pub fn insert(tx: &mut HouseTx<'_>, installation: &Installation) -> Result<(), Error> {
    let Installation { id, made_by, epoch, created_at } = installation;
    tx.execute(&INSERT, &[id, made_by, epoch, created_at])?;
    Ok(())
}

const FIND: Statement = sql("SELECT id, made_by, epoch, created_at FROM installation WHERE one = 1");

/// The row, if the database has been set up.
pub fn find(tx: &mut HouseTx<'_>) -> Result<Option<Installation>, Error> {
    tx.row(&FIND, &[], |row| {
        Ok(Installation {
            id: row.get(0)?,
            made_by: row.get(1)?,
            epoch: row.get(2)?,
            created_at: row.get(3)?,
        })
    })
}

const ADVANCE: Statement = sql("UPDATE installation SET epoch = $1 WHERE one = 1 AND epoch < $1");

/// Begins an epoch: every session and open code of an earlier one is dead from the commit on.
pub fn advance_epoch(tx: &mut HouseTx<'_>, epoch: i64) -> Result<(), Error> {
    tx.invalidate(Invalidation::Everything);
    tx.execute(&ADVANCE, &[&epoch])?;
    Ok(())
}
