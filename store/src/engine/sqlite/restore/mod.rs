//! Restoring a backup: checked and completed beside the database, then put in its place in one step.
//!
//! No process may have the database open. What was revoked since the backup is carried over from the database that is
//! replaced (`carry.rs`), and a new epoch ends every session and code: nothing revoked revives (P2). The reasons for
//! each rule stand in docs/decisions/restore.md.

mod carry;
mod place;

use super::connection::Place;
use super::lock::Lock;
use super::open::{self, directory_of};
use crate::{OpenError, migrate};
use doorward_model::Timestamp;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use thiserror::Error;
use uuid::Uuid;

/// What is restored, and where.
#[derive(Clone, Debug)]
pub struct Restore {
    /// The database to be replaced; there need not be one.
    pub database: PathBuf,
    /// The backup.
    pub backup: PathBuf,
    /// Lets keys, applications and people work of which the replaced database says nothing.
    pub trust_keys: bool,
    /// The id of the event that tells of it.
    pub event: Uuid,
    /// When.
    pub now: Timestamp,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The new epoch.
    pub epoch: i64,
    /// What there was to carry over from.
    pub replaced: Replaced,
    /// Where the replaced database lies now.
    pub kept: Option<PathBuf>,
    /// How many of what was carried over or shut, in words for the operator; none of them zero.
    pub carried: Vec<(u64, &'static str)>,
}

/// What stood in the place of the restored database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// The same installation, readable.
    Readable,
    /// A file that could not be read.
    Unreadable,
    /// Nothing.
    Nothing,
}

/// Why nothing was restored; the database is as it was.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RestoreError {
    /// The backup, or the database in its place, cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The backup is damaged inside.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The backup.
        path: PathBuf,
        /// What SQLite found.
        reason: String,
    },
    /// The database belongs to another installation, whose revocations say nothing about this one's.
    #[error("{} belongs to another installation than the backup: move it away first", path.display())]
    OtherInstallation {
        /// The database.
        path: PathBuf,
    },
    /// The disk or the operating system refused.
    #[error("{}: {reason}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// Restores a backup. Blocks.
pub fn restore(restore: &Restore) -> Result<Restored, RestoreError> {
    let database = &restore.database;
    let directory = directory_of(database);
    if !directory.is_dir() {
        return Err(OpenError::DirectoryMissing { path: directory }.into());
    }
    let _lock = Lock::take(database)?;
    let beside = place::copy(&restore.backup, database)?;
    let restored = complete(restore, &beside).and_then(|done| {
        let kept = place::swap(&beside, database, restore.now)?;
        Ok(Restored { kept, ..done })
    });
    if restored.is_err() {
        place::remove(&beside);
    }
    restored
}

/// Checks the copy and brings it to where it may serve.
fn complete(restore: &Restore, copy: &Path) -> Result<Restored, RestoreError> {
    let mut restored = checked(copy, &restore.backup)?;
    let current = current(&restore.database)?;
    if current == Replaced::Readable {
        carry::attach(&restored, &restore.database).map_err(|error| failed(copy, &error))?;
        let same = carry::is_same_installation(&restored).map_err(|error| failed(copy, &error))?;
        if !same {
            return Err(RestoreError::OtherInstallation { path: restore.database.clone() });
        }
    }
    let carried = carry::carry(&mut restored, restore, &current).map_err(|error| failed(copy, &error))?;
    if current == Replaced::Readable {
        carry::detach(&restored).map_err(|error| failed(copy, &error))?;
    }
    restored.close().map_err(|(_, error)| failed(copy, &error))?;
    let (epoch, carried) = carried;
    Ok(Restored { epoch, replaced: current, kept: None, carried })
}

/// Opens the copy as a whole database of a schema this program knows. Messages name the file the operator gave.
fn checked(copy: &Path, backup: &Path) -> Result<Connection, RestoreError> {
    let not_usable = |error| not_migrated(backup, error);
    let place = Place::File(copy.to_owned());
    let mut connection = place.reader().map_err(|error| open::refused(backup, &error))?;
    if migrate::check(&connection).map_err(not_usable)?.is_empty() {
        return Err(OpenError::NotADatabase { path: backup.to_owned() }.into());
    }
    if let Some(reason) = damage(&connection).map_err(|error| open::refused(backup, &error))? {
        return Err(RestoreError::Damaged { path: backup.to_owned(), reason });
    }
    connection = place.writer().map_err(|error| open::refused(backup, &error))?;
    migrate::sqlite(&mut connection).map_err(not_usable)?;
    Ok(connection)
}

/// What stands in the database's place now. One that a newer Doorward made is refused, because it could be read then.
fn current(database: &Path) -> Result<Replaced, RestoreError> {
    if !database.metadata().is_ok_and(|about| about.len() > 0) {
        return Ok(Replaced::Nothing);
    }
    match opened(database) {
        Ok(()) => Ok(Replaced::Readable),
        Err(refusal @ (OpenError::NewerSchema { .. } | OpenError::ChangedMigration { .. })) => {
            Err(refusal.into())
        }
        Err(OpenError::Permission { path }) => Err(OpenError::Permission { path }.into()),
        Err(reason) => {
            tracing::warn!(%reason, "the database to be replaced cannot be read");
            Ok(Replaced::Unreadable)
        }
    }
}

/// Reads the database through and folds its log into it.
fn opened(database: &Path) -> Result<(), OpenError> {
    let failed = |error| open::refused(database, &error);
    let not_usable = |error| not_migrated(database, error);
    let place = Place::File(database.to_owned());
    let reader = place.reader().map_err(failed)?;
    if migrate::check(&reader).map_err(not_usable)?.is_empty() {
        return Err(OpenError::NotADatabase { path: database.to_owned() });
    }
    if let Some(reason) = damage(&reader).map_err(failed)? {
        return Err(OpenError::Failed { path: database.to_owned(), reason });
    }
    drop(reader);
    let mut connection = place.writer().map_err(failed)?;
    migrate::sqlite(&mut connection).map_err(not_usable)?;
    connection.close().map_err(|(_, error)| failed(error))
}

/// What SQLite finds wrong inside, if anything.
fn damage(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then_some(said))
}

fn not_migrated(path: &Path, error: migrate::Error) -> OpenError {
    match error {
        migrate::Error::Foreign => OpenError::NotADatabase { path: path.to_owned() },
        migrate::Error::Refused(refusal) => refusal,
        migrate::Error::Sqlite(error) => open::refused(path, &error),
    }
}

fn failed(path: &Path, error: &rusqlite::Error) -> RestoreError {
    RestoreError::Failed { path: path.to_owned(), reason: error.to_string() }
}
