//! Migrating a SQLite database, which nobody else has open.

use super::{Done, Migration, TABLE, admit, judge, missing, newer};
use crate::{Ddl, OpenError};
use rusqlite::{Connection, TransactionBehavior};

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
pub(crate) fn check(connection: &Connection) -> Result<Vec<Done>, Error> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let owner: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if owner != APPLICATION_ID {
        return Err(Error::Foreign);
    }
    let done = applied(connection)?;
    judge(&done).map_err(Error::Refused)?;
    // One process has the file, so no older version serves beside a newer one, and a step back may lose something.
    newer(&done).map_or(Ok(()), |database| admit(database, None)).map_err(Error::Refused)?;
    Ok(done)
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
    missing(&done).try_for_each(|migration| migration.apply_on_sqlite(connection))
}

fn applied(connection: &Connection) -> rusqlite::Result<Vec<Done>> {
    let mut statement = connection.prepare("SELECT version, checksum FROM migrations ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

impl Migration {
    fn apply_on_sqlite(&self, connection: &mut Connection) -> Result<(), Error> {
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
}

#[cfg(test)]
mod tests {
    use super::{super::MIGRATIONS, *};

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

    #[test]
    fn who_wanted_digests_before_there_were_any_gets_them() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&Ddl::Sqlite.render(TABLE)).unwrap();
        let first = MIGRATIONS.iter().position(|step| step.name == "digests").unwrap();
        let (before, after) = MIGRATIONS.split_at(first);
        let apply = |steps: &[Migration], connection: &mut Connection| {
            assert!(steps.iter().all(|step| step.apply_on_sqlite(connection).is_ok()));
        };
        apply(before, &mut connection);
        let people = [
            ("morning", r#"{"instant":true,"evening":false,"morning":true,"new_lead":false}"#, "active"),
            ("evening", r#"{"instant":false,"evening":true,"morning":false,"new_lead":false}"#, "active"),
            ("none", r#"{"instant":true,"evening":false,"morning":false,"new_lead":true}"#, "active"),
            ("gone", r#"{"instant":true,"evening":true,"morning":true,"new_lead":true}"#, "deleted"),
        ];
        for (number, (id, settings, status)) in people.into_iter().enumerate() {
            let person = "INSERT INTO people (pool, id, home, number, email, extra, status, verified, \
                          password_reset_required, notifications, feed_generation, auth_generation, version, \
                          created_at, modified_at) \
                          VALUES (x'01', ?1, x'01', ?2, '', '[]', ?3, 'no', 0, ?4, 1, 1, 1, 0, 0)";
            connection.execute(person, (id.as_bytes(), number.cast_signed(), status, settings)).unwrap();
        }
        apply(after, &mut connection);
        let mut statement =
            connection.prepare("SELECT person FROM digests WHERE due_at = 0 ORDER BY person").unwrap();
        let found = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        let found: Vec<Vec<u8>> = found.map(Result::unwrap).collect();
        assert_eq!(found, [b"evening".to_vec(), b"morning".to_vec()]);
    }
}
