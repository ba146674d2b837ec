//! The private PostgreSQL: PostgreSQL's own settings, except for what a careful operator sets.

use crate::Result;
use crate::process;
use doorward_testkit_postgres::Own;
use std::path::Path;
use std::process::Command;

/// The first five are what PostgreSQL does anyway; the testkit's servers forget for speed, so they are said here. Memory
/// and log are sized for a small machine, so that no checkpoint falls into every round.
const CONFIGURATION: &str = "
fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
jit = on
shared_buffers = 1GB
max_wal_size = 4GB
";

/// The same in the words of the table.
pub(super) const SETTINGS: &str = "fsync, full_page_writes and synchronous_commit on, shared_buffers 1 GB";

/// A running server; it is gone with this, and with this process.
pub(crate) struct Server(Own);

impl Server {
    pub(crate) fn start(directory: &Path) -> Self {
        Self(Own::start_near(directory, CONFIGURATION))
    }

    /// Makes an empty database: its URL.
    pub(crate) fn empty(&self, name: &str) -> String {
        self.0.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.0.url(name)
    }

    /// Makes a copy of a database that nobody uses, with everything written down: its URL.
    pub(super) fn copy(&self, of: &str, name: &str) -> String {
        self.0.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {of}"));
        self.0.sql("postgres", "CHECKPOINT");
        self.0.url(name)
    }

    pub(super) fn drop(&self, name: &str) {
        self.0.sql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    /// The number that a question answers.
    pub(super) fn figure(&self, database: &str, question: &str) -> Result<f64> {
        Ok(self.0.sql(database, question).parse()?)
    }

    /// Bytes of write-ahead log so far.
    pub(super) fn log_bytes(&self) -> Result<f64> {
        self.figure("postgres", "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
    }

    /// Processor time of all its processes so far.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        process::family_cpu_seconds(self.0.process())
    }

    /// Its version: `15.14`.
    pub(super) fn version(&self) -> String {
        let version = self.0.sql("postgres", "SHOW server_version");
        version.split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// A program that came with it, and a folder it can read.
    pub(super) fn program(&self, name: &str) -> (Command, &Path) {
        (self.0.program(name), self.0.socket())
    }
}
