//! The files of a restore: a copy beside the database, which takes its name when it is complete and on disk.

use super::RestoreError;
use super::directory_of;
use doorward_model::Timestamp;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// While it is completed.
const UNFINISHED: &str = ".restoring";
/// What was replaced; a moment follows, so that a second restore does not take the first one's place.
const KEPT: &str = ".replaced-";
/// The files SQLite keeps beside a database. One of another database must never lie beside the restored one.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Copies the backup to a name beside the database, readable by nobody else.
pub(super) fn copy(backup: &Path, database: &Path) -> Result<PathBuf, RestoreError> {
    let to = with(database, UNFINISHED);
    remove(&to);
    let mut from = File::open(backup).map_err(|error| failed(backup, &error))?;
    let copied = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&to)
        .and_then(|mut file| io::copy(&mut from, &mut file).and_then(|_bytes| file.sync_all()));
    copied.map_err(|error| {
        remove(&to);
        failed(&to, &error)
    })?;
    Ok(to)
}

/// Puts the completed copy in the database's place; says where the replaced one lies.
pub(super) fn swap(copy: &Path, database: &Path, now: Timestamp) -> Result<Option<PathBuf>, RestoreError> {
    let result = try_swap(copy, database, now);
    result.map_err(|error| failed(database, &error))
}

fn try_swap(copy: &Path, database: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    if COMPANIONS.iter().any(|end| with(copy, end).exists()) {
        return Err(io::Error::other("the restored copy is still open somewhere"));
    }
    File::open(copy)?.sync_all()?;
    let kept = with(database, &format!("{KEPT}{}", now.civil().to_string().replace(':', "")));
    let there_was_one = database.exists();
    if there_was_one {
        // A second name instead of a move: at every moment the database's own name leads to a whole database.
        fs::hard_link(database, &kept)?;
    }
    for end in COMPANIONS {
        let beside = with(database, end);
        gone(fs::rename(beside, with(&kept, end)))?;
    }
    fs::rename(copy, database)?;
    File::open(directory_of(database))?.sync_all()?;
    Ok(there_was_one.then_some(kept))
}

/// Removes an unfinished copy with what SQLite keeps beside it.
pub(super) fn remove(copy: &Path) {
    for path in [copy.to_owned(), with(copy, "-wal"), with(copy, "-shm")] {
        if let Err(error) = gone(fs::remove_file(&path)) {
            tracing::warn!(path = %path.display(), %error, "an unfinished restore could not be removed");
        }
    }
}

/// What is not there need not be removed.
fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn with(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn failed(path: &Path, error: &io::Error) -> RestoreError {
    RestoreError::Failed { path: path.to_owned(), reason: error.to_string() }
}
