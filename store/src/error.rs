//! What can go wrong with a store: while it works ([`Error`]) and while it is opened ([`OpenError`]).
//!
//! A refusal ("wrong password", "code used up") is none of these: it is an outcome that commits. Drivers
//! translate their own errors into these in one place each (`engine/*/errors.rs`).

use doorward_model::Timestamp;
use std::path::PathBuf;
use thiserror::Error;

/// Why a transaction did not happen. Whatever it is, nothing of the transaction was kept, except after
/// [`Error::Unavailable`], which may come after a commit whose answer was lost.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// A uniqueness, check, not-null or foreign-key rule was broken.
    #[error("the constraint {name} does not hold")]
    Constraint {
        /// `table.column`, several joined by `, `; the name of an index on expressions or of a named check;
        /// or `foreign key`, which SQLite does not name.
        name: String,
    },
    /// Overloaded, closing, locked from outside or failing to read and write. Worth trying again (P22).
    #[error("the database is unavailable: {reason}")]
    Unavailable {
        /// For the log.
        reason: String,
    },
    /// The database may not be written.
    #[error("the database is read-only")]
    ReadOnly,
    /// The disk, or the database's allowance on it, is full.
    #[error("the disk is full")]
    Full,
    /// A row holds what no version of this program writes.
    #[error("column {column} is broken in a row of: {statement}")]
    BrokenRow {
        /// The statement that read it.
        statement: &'static str,
        /// The column's name in the result.
        column: String,
    },
    /// A mistake of this program: a panic, a wrong statement, a wrong type.
    #[error("the store failed: {0}")]
    Fault(String),
}

/// Why a database cannot be opened; each text is one sentence an operator can act on.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OpenError {
    /// The file is something else, or is damaged at its head.
    #[error("{} is not a Doorward database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A newer Doorward has migrated it.
    #[error(
        "the database has schema version {database}, over which versions from {oldest} on serve, but this Doorward knows \
         versions up to {program}: use the newer Doorward"
    )]
    NewerSchema {
        /// What the database says.
        database: i64,
        /// The newest this program knows.
        program: i64,
        /// The oldest that may serve.
        oldest: i64,
    },
    /// A migration that was already applied reads differently in this program.
    #[error(
        "migration {version} ({name}) is not the one this database was built with: use the Doorward that made it"
    )]
    ChangedMigration {
        /// Its version.
        version: i64,
        /// Its name in this program.
        name: String,
    },
    /// The file may not be written.
    #[error("{} is read-only: Doorward must be able to write it", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The operating system says no.
    #[error("no permission to open {}: run Doorward as the user that owns it", path.display())]
    Permission {
        /// The file.
        path: PathBuf,
    },
    /// The directory does not exist.
    #[error("the directory {} does not exist: create it first", path.display())]
    DirectoryMissing {
        /// The directory.
        path: PathBuf,
    },
    /// Another process has it open.
    #[error("{} is in use by process {pid}: stop it first, or talk to it", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
        /// The other process, as its lock file says; `unknown` when it says nothing.
        pid: String,
    },
    /// The SQLite library has known defects in write-ahead logging.
    #[error("SQLite {found} is too old: {needed} or newer is needed")]
    SqliteTooOld {
        /// The library's version.
        found: String,
        /// The oldest that is accepted.
        needed: String,
    },
    /// The database URL is wrong, or names a file that is; never with a value that might be secret.
    #[error("the database URL cannot be used: {reason}")]
    DatabaseUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// A PostgreSQL database with tables that are not ours.
    #[error("the database at {server} holds somebody else's tables: give Doorward a database of its own")]
    ForeignDatabase {
        /// Hosts and database.
        server: String,
    },
    /// Whatever else keeps us from a PostgreSQL database.
    #[error("cannot open the database at {server}: {reason}")]
    Database {
        /// Hosts and database.
        server: String,
        /// What the server or the system said.
        reason: String,
    },
    /// It is being moved to another engine, and must not change meanwhile.
    #[error("{place} is being moved to {other}")]
    Leaving {
        /// This database.
        place: String,
        /// The other one.
        other: String,
    },
    /// It was moved to another engine, and is as old as that.
    #[error("{place} was moved to {other} at {}, and is as it was then", at.civil())]
    Left {
        /// This database.
        place: String,
        /// The other one.
        other: String,
        /// When.
        at: Timestamp,
    },
    /// It is the other end of a move that is not done.
    #[error("{place} is being filled from {other}, and not everything has been copied and verified")]
    Arriving {
        /// This database.
        place: String,
        /// The other one.
        other: String,
    },
    /// Anything else.
    #[error("cannot open {}: {reason}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}
