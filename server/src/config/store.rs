//! `[store]`: the database, embedded or on a PostgreSQL server.

use super::reader::Reader;
use doorward_store::{PostgresSettings, SqliteSettings};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// No statement of ours takes near a second; what is slower waits for a lock or a standby.
const STATEMENT: Duration = Duration::from_secs(5);

/// A server in the same place answers in milliseconds.
const CONNECT: Duration = Duration::from_secs(5);

/// Longer than this a caller does not wait.
const LONGEST: Duration = Duration::from_secs(60);

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    /// The embedded engine, used unless there is a server.
    pub sqlite: SqliteSettings,
    /// The server, if one is configured.
    pub postgres: Option<PostgresSettings>,
}

impl Store {
    /// Where the database is, for an operator.
    pub fn place(&self) -> String {
        match &self.postgres {
            None => self.sqlite.path.display().to_string(),
            Some(postgres) => postgres.place(),
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let (sqlite, path_is_given) = sqlite(reader, data_dir);
        Self { sqlite, postgres: postgres(reader, path_is_given) }
    }
}

fn sqlite(reader: &mut Reader<'_>, data_dir: &Path) -> (SqliteSettings, bool) {
    let mut section =
        reader.section("store.sqlite", "The embedded database, used unless store.postgres.url is set.");
    let path: PathBuf = section.value(
        "path",
        data_dir.join("doorward.db"),
        "The database file; doorward.db in data_dir unless set. It must lie on a local disk.",
    );
    // Each reader holds a page cache of its own, so the bound keeps the idle memory small.
    let readers = section.within("readers", 2, 1..=64, "Threads that read. One per core is plenty.");
    let path_is_given = !section.lacks("path");
    (SqliteSettings { path, readers }, path_is_given)
}

fn postgres(reader: &mut Reader<'_>, path_is_given: bool) -> Option<PostgresSettings> {
    let mut section =
        reader.section("store.postgres", "A PostgreSQL server in place of the embedded database.");
    let url = section.secret(
        "url",
        "postgresql://user:password@host:5432/database; several hosts for a primary and its standbys. sslmode is \
         verify-full unless it says verify-ca, require or disable; sslrootcert, sslcert and sslkey name PEM files.",
    );
    let writers = section.within("writers", 4, 1..=64, "Threads that write, each with a connection.");
    let readers = section.within("readers", 4, 1..=64, "Threads that read, each with a connection.");
    let bounds = Duration::from_millis(100)..=LONGEST;
    let statement_timeout = section.within(
        "statement_timeout",
        STATEMENT,
        bounds.clone(),
        "How long the server may work on a statement, or wait for its standby at a commit.",
    );
    let connect_timeout = section.within("connect_timeout", CONNECT, bounds, "How long connecting may take.");
    if !section.is_given() {
        return None;
    }
    let Some(url) = url else {
        if section.lacks("url") && section.lacks("url_file") {
            section.refuse("url", "is missing: without it the other keys mean nothing");
        }
        return None;
    };
    if path_is_given {
        section.refuse("url", "store.sqlite.path is set too: give one database");
    }
    let settings = PostgresSettings { url, writers, readers, statement_timeout, connect_timeout };
    if let Err(error) = settings.check() {
        section.refuse("url", error.to_string());
    }
    Some(settings)
}
