//! Migrations: the schema's history, append-only and part of the program.
//!
//! Each is applied once, in a transaction of its own together with the row that remembers it. A database that
//! knows more than this program, or something else under the same version, is refused untouched.

use crate::{Ddl, OpenError};
use rusqlite::{Connection, TransactionBehavior};

/// One step of the schema. Never changed once released: the next step corrects it.
struct Migration {
    version: i64,
    name: &'static str,
    text: &'static str,
}

const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "first", text: include_str!("../migrations/0001_first.sql") }];

/// The table that remembers.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    version {int} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    checksum {int} NOT NULL
){clustered}";

/// Why a database was not migrated.
pub(crate) enum Error {
    /// It must not be.
    Refused(OpenError),
    /// It could not be.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Brings a SQLite database up to date.
pub(crate) fn sqlite(connection: &mut Connection) -> Result<(), Error> {
    connection.execute_batch(&Ddl::Sqlite.render(TABLE))?;
    let done = applied(connection)?;
    let newest = MIGRATIONS.iter().map(|known| known.version).max().unwrap_or(0);
    if let Some(&(database, _)) = done.iter().find(|(version, _)| *version > newest) {
        return Err(Error::Refused(OpenError::NewerSchema { database, program: newest }));
    }
    for migration in MIGRATIONS {
        match done.iter().find(|(version, _)| *version == migration.version) {
            Some((_, checksum)) if *checksum == migration.checksum() => {}
            Some(_) => return Err(Error::Refused(migration.changed())),
            None => migration.apply(connection)?,
        }
    }
    Ok(())
}

fn applied(connection: &Connection) -> rusqlite::Result<Vec<(i64, i64)>> {
    let mut statement = connection.prepare("SELECT version, checksum FROM migrations ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

impl Migration {
    fn apply(&self, connection: &mut Connection) -> Result<(), Error> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(&Ddl::Sqlite.render(self.text))?;
        transaction.execute(
            "INSERT INTO migrations (version, name, checksum) VALUES (?1, ?2, ?3)",
            (self.version, self.name, self.checksum()),
        )?;
        transaction.commit()?;
        tracing::info!(version = self.version, name = self.name, "the database was migrated");
        Ok(())
    }

    fn changed(&self) -> OpenError {
        OpenError::ChangedMigration { version: self.version, name: self.name.to_owned() }
    }

    /// FNV-1a of the text, over 64 bits: it notices an edit; it need not withstand a forger.
    fn checksum(&self) -> i64 {
        let hash = self.text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        hash.cast_signed()
    }
}
