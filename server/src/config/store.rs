//! `[store]`: the database, embedded or on a PostgreSQL server. One of the two sections may say something.

use super::reader::{Reader, Section};
use doorward_model::Secret;
use doorward_store::{PostgresSettings, SqliteSettings};
use std::path::Path;
use std::time::Duration;

/// Longer than this no caller waits, so no statement and no connection has to be waited for longer.
const LONGEST: Duration = Duration::from_secs(60);

/// Shorter than this a busy server could not keep to.
const SHORTEST: Duration = Duration::from_millis(100);

/// More often a node would do little else.
const OFTEN: Duration = Duration::from_millis(10);

/// Threads of a kind; a server has connections for a hundred unless told otherwise.
const MOST_THREADS: usize = 64;

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    /// The embedded engine, used where there is no server.
    pub sqlite: SqliteSettings,
    /// The server, if one is configured.
    pub postgres: Option<PostgresSettings>,
}

impl Store {
    /// Where the database is, for an operator: a path, or hosts and database without user and password.
    pub fn place(&self) -> String {
        match &self.postgres {
            None => self.sqlite.path.display().to_string(),
            Some(postgres) => postgres.place(),
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let mut section = reader
            .section("store.sqlite", "The embedded database: this section or [store.postgres], not both.");
        let sqlite = sqlite(&mut section, data_dir);
        let has_sqlite = section.is_given();
        let mut section = reader.section(
            "store.postgres",
            "A PostgreSQL server in place of the embedded database: this section or [store.sqlite], not both.",
        );
        let postgres = postgres(&mut section);
        if has_sqlite && section.is_given() {
            section.refuse(url_key(&section), "[store.sqlite] is given too: keep one of the two");
        }
        Self { sqlite, postgres }
    }
}

fn sqlite(section: &mut Section<'_, '_>, data_dir: &Path) -> SqliteSettings {
    SqliteSettings {
        path: section.value(
            "path",
            data_dir.join("doorward.db"),
            "The database file; doorward.db in data_dir unless set. It must lie on a local disk.",
        ),
        // Each reader holds a page cache of its own, so the bound keeps the idle memory small.
        readers: section.within("readers", 2, 1..=MOST_THREADS, "Threads that read. One per core is plenty."),
    }
}

fn postgres(section: &mut Section<'_, '_>) -> Option<PostgresSettings> {
    let url = section.secret_like(
        "url",
        "\"postgresql://doorward:password@db.example.com:5432/doorward\"",
        "Where it is. Several hosts, separated by commas, are a primary and its standbys. In user and password, write \
         what is neither letter nor digit as % and two hex digits. TLS is checked unless ?sslmode= says verify-ca, require or \
         disable; sslrootcert, sslcert and sslkey name PEM files.",
    );
    let usual = PostgresSettings::new(Secret::new(""));
    let writers = section.within(
        "writers",
        usual.writers,
        1..=MOST_THREADS,
        "Threads that write, each with a connection. With the readers, they are what one node needs of the server's \
         max_connections.",
    );
    let readers = section.within(
        "readers",
        usual.readers,
        1..=MOST_THREADS,
        "Threads that read, each with a connection.",
    );
    let statement_timeout = section.within(
        "statement_timeout",
        usual.statement_timeout,
        SHORTEST..=LONGEST,
        "How long the server may work on a statement, or wait for its standby at a commit.",
    );
    let connect_timeout = section.within(
        "connect_timeout",
        usual.connect_timeout,
        SHORTEST..=LONGEST,
        "How long connecting may take; several hosts share it.",
    );
    let revocation_bound = section.within(
        "revocation_bound",
        usual.revocation_bound,
        SHORTEST..=LONGEST,
        "What one node revokes is refused by every node after this time at the latest. A node that has not read the log of \
         revocations for so long asks the database about every caller.",
    );
    let revocation_poll = section.within(
        "revocation_poll",
        usual.revocation_poll,
        OFTEN..=LONGEST,
        "How often a node reads that log; several times within the bound.",
    );
    if revocation_poll >= revocation_bound {
        section.refuse(
            "revocation_poll",
            "must be shorter than revocation_bound, or nothing is answered from memory",
        );
    }
    let revocation_notify = section.value(
        "revocation_notify",
        usual.revocation_notify,
        "Whether nodes ring for each other (LISTEN and NOTIFY), so that a revocation is heard at once. Through a pooler in \
         transaction mode nobody hears it, and the log is read as often as said above.",
    );
    let allow_async_standby = section.value(
        "allow_async_standby",
        usual.allow_async_standby,
        "Whether to serve although the server has standbys and waits for none of them. A failover then undoes what was \
         acknowledged last: sign-ins, new passwords, and revocations, so that sessions and keys that were ended work again.",
    );
    if section.is_given() && section.lacks("url") && section.lacks("url_file") {
        section.refuse("url", "is missing: without it no server can be found");
    }
    let settings = PostgresSettings {
        url: url?,
        writers,
        readers,
        statement_timeout,
        connect_timeout,
        allow_async_standby,
        revocation_poll,
        revocation_bound,
        revocation_notify,
    };
    if let Err(error) = settings.check() {
        section.refuse(url_key(section), error.to_string());
    }
    Some(settings)
}

/// The key by which somebody said where the server is.
fn url_key(section: &Section<'_, '_>) -> &'static str {
    if section.lacks("url") { "url_file" } else { "url" }
}
