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
