//! How every connection is opened and set, whoever uses it.

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{path::PathBuf, time::Duration};

/// Statements kept prepared per connection: more than there are in the whole crate.
const PREPARED: usize = 512;

/// How long a statement waits for a lock that a tool outside holds (a `sqlite3` shell, say) before it gives up.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// The write-ahead log is cut back to this many bytes after a checkpoint, so one long read does not leave it
/// large for ever.
const LOG_BYTES: i64 = 64 << 20;

/// Page cache of one connection in KiB (SQLite counts KiB as negative): small, because the operating system
/// caches the file for all of them.
const CACHE_KIB: i64 = -4096;

/// Where a database is.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In a file.
    File(PathBuf),
    /// In the memory of this process, under a name of its own.
    Memory(String),
}

impl Place {
    /// A connection that may write.
    pub(super) fn writer(&self) -> rusqlite::Result<Connection> {
        let connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if matches!(self, Self::File(_)) {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            // NORMAL loses acknowledged commits when the power goes (P1); measured.
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        } else {
            connection.pragma_update(None, "journal_mode", "MEMORY")?;
        }
        Ok(connection)
    }

    /// A connection that cannot write.
    pub(super) fn reader(&self) -> rusqlite::Result<Connection> {
        // Not opened read-only: a reader must be able to make the log's index after a crash.
        let connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    fn open(&self, flags: OpenFlags) -> rusqlite::Result<Connection> {
        // Each connection stays with one thread, so SQLite need not lock it.
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection = match self {
            Self::File(path) => Connection::open_with_flags(path, flags)?,
            Self::Memory(name) => {
                let flags = flags | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE;
                Connection::open_with_flags(format!("file:/{name}?vfs=memdb"), flags)?
            }
        };
        set(&connection)?;
        Ok(connection)
    }
}

fn set(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(LOCK_PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // Plans that do not depend on bound values: without it, each new binding prepares the statement again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    /// Without the stable-plan setting this join is prepared again at every new binding.
    #[test]
    fn a_new_binding_does_not_prepare_a_statement_again() {
        let connection = Place::Memory("stable-plans".to_owned()).writer().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE a (id BLOB PRIMARY KEY, b BLOB) STRICT, WITHOUT ROWID;
                 CREATE TABLE b (id BLOB PRIMARY KEY, n INTEGER) STRICT, WITHOUT ROWID;
                 CREATE INDEX by_n ON b (n);",
            )
            .unwrap();
        for n in 0..100_i64 {
            let id = n.to_le_bytes();
            connection.execute("INSERT INTO a VALUES (?1, ?1)", [id]).unwrap();
            connection.execute("INSERT INTO b VALUES (?1, ?2)", (id, n % 3)).unwrap();
        }
        connection.execute_batch("ANALYZE").unwrap();
        let mut join =
            connection.prepare("SELECT n FROM a JOIN b ON b.id = a.b WHERE a.id = ?1 AND n >= ?2").unwrap();
        for n in 0..100_i64 {
            let _found = join.query_row((n.to_le_bytes(), n % 2), |row| row.get::<_, i64>(0));
        }
        assert_eq!(join.get_status(StatementStatus::RePrepare), 0);
    }

    #[test]
    fn every_connection_keeps_the_rules() {
        for connection in
            [Place::Memory("rules".to_owned()).writer(), Place::Memory("rules".to_owned()).reader()]
        {
            let connection = connection.unwrap();
            let on = |pragma: &str| {
                connection.pragma_query_value(None, pragma, |row| row.get::<_, bool>(0)).unwrap()
            };
            assert!(on("foreign_keys") && on("cell_size_check") && !on("trusted_schema"));
            assert!(connection.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG).unwrap());
        }
    }

    /// P1: less than FULL loses acknowledged commits when the power goes.
    #[test]
    fn a_file_is_written_ahead_and_synced_at_every_commit() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new.db");
        std::fs::write(&path, []).unwrap();
        let writer = Place::File(path).writer().unwrap();
        let mode: String = writer.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        let level: i64 = writer.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!((mode.as_str(), level), ("wal", 2));
    }
}
