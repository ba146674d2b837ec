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

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "first", text: include_str!("../migrations/0001_first.sql") },
    Migration { version: 2, name: "mail_quota", text: include_str!("../migrations/0002_mail_quota.sql") },
    Migration { version: 3, name: "ends", text: include_str!("../migrations/0003_ends.sql") },
    Migration { version: 4, name: "speaking", text: include_str!("../migrations/0004_speaking.sql") },
    Migration { version: 5, name: "names", text: include_str!("../migrations/0005_names.sql") },
    Migration { version: 6, name: "tallies", text: include_str!("../migrations/0006_tallies.sql") },
    Migration {
        version: 7,
        name: "revocations_by_age",
        text: include_str!("../migrations/0007_revocations_by_age.sql"),
    },
    Migration {
        version: 8,
        name: "application_tokens",
        text: include_str!("../migrations/0008_application_tokens.sql"),
    },
];

/// The table that remembers.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    version {int} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    checksum {int} NOT NULL
){clustered}";

/// `door` in ASCII: how a database says whose it is (`PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x646f_6f72;

/// Why a database was not migrated.
pub(crate) enum Error {
    /// It is somebody else's.
    Foreign,
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

/// Whether this program may use a SQLite database, and which migrations it has; changes nothing.
pub(crate) fn check(connection: &Connection) -> Result<Vec<i64>, Error> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let owner: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if owner != APPLICATION_ID {
        return Err(Error::Foreign);
    }
    let done = applied(connection)?;
    let program = MIGRATIONS.iter().map(|known| known.version).max().unwrap_or(0);
    if let Some(database) = done.iter().map(|(version, _)| *version).max().filter(|it| *it > program) {
        return Err(Error::Refused(OpenError::NewerSchema { database, program }));
    }
    match MIGRATIONS.iter().find(|known| known.differs_from(&done)) {
        Some(changed) => Err(Error::Refused(changed.refused())),
        None => Ok(done.into_iter().map(|(version, _)| version).collect()),
    }
}

/// Brings a SQLite database up to date.
pub(crate) fn sqlite(connection: &mut Connection) -> Result<(), Error> {
    let done = check(connection)?;
    if done.is_empty() {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.execute_batch(&Ddl::Sqlite.render(TABLE))?;
        transaction.commit()?;
    }
    let mut missing = MIGRATIONS.iter().filter(|migration| !done.contains(&migration.version));
    missing.try_for_each(|migration| migration.apply(connection))
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

    fn differs_from(&self, done: &[(i64, i64)]) -> bool {
        done.iter().any(|(version, checksum)| *version == self.version && *checksum != self.checksum())
    }

    fn refused(&self) -> OpenError {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_count_upwards_and_no_token_is_left_over() {
        for (migration, version) in MIGRATIONS.iter().zip(1..) {
            assert_eq!(migration.version, version);
            for engine in [Ddl::Sqlite, Ddl::Postgres] {
                let statements: String = engine
                    .render(migration.text)
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("--"))
                    .collect();
                assert!(!statements.contains('{'), "{} for {engine:?}", migration.name);
            }
        }
    }

    #[test]
    fn migrating_again_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        for _ in 0..2 {
            assert!(sqlite(&mut connection).is_ok());
        }
        let rows: isize =
            connection.query_row("SELECT count(*) FROM migrations", [], |row| row.get(0)).unwrap();
        assert_eq!(rows.unsigned_abs(), MIGRATIONS.len());
    }
}
