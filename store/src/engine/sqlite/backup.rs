//! Online backup: one moment of the database, copied while it is being written.
//!
//! The copy grows under a temporary name and takes its own when it is complete and on disk, so a backup that
//! exists is a whole one. While it runs the log cannot be cut back and grows with what is written.

use super::{Shared, connection::Place, errors::translate};
use crate::Error;
use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};
use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// Pages copied between two reports of progress: 4 MiB, a few milliseconds.
const STEP_PAGES: i32 = 1024;

/// How far a backup has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pages copied.
    pub done: u64,
    /// Pages in all.
    pub total: u64,
}

pub(super) fn run(shared: &Shared, to: &Path, progress: impl FnMut(Progress)) -> Result<(), Error> {
    if is_itself(shared, to) {
        return Err(Error::Unavailable { reason: "a database is not copied over itself".to_owned() });
    }
    let partial = partial_name(to);
    let copied = create(&partial)
        .and_then(|()| copy(shared, &partial, progress))
        .and_then(|()| publish(&partial, to).map_err(|error| failed(to, &error)));
    if copied.is_err()
        && let Err(error) = std::fs::remove_file(&partial)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(path = %partial.display(), %error, "an unfinished backup could not be removed");
    }
    copied
}

/// Whether the target is the open database, under whatever name.
fn is_itself(shared: &Shared, to: &Path) -> bool {
    let Place::File(own) = &shared.place else { return false };
    let same = |own: PathBuf| std::fs::canonicalize(to).is_ok_and(|to| to == own);
    std::fs::canonicalize(own).is_ok_and(same)
}

fn copy(shared: &Shared, partial: &Path, mut progress: impl FnMut(Progress)) -> Result<(), Error> {
    let _gate = shared.gate.read();
    let source = shared.place.reader().map_err(translate)?;
    let mut target =
        Connection::open_with_flags(partial, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(translate)?;
    // Without a snapshot of its own the copy would begin anew whenever something is committed.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").map_err(translate)?;
    let backup = Backup::new(&source, &mut target).map_err(translate)?;
    loop {
        let step = backup.step(STEP_PAGES).map_err(translate)?;
        if matches!(step, StepResult::Busy | StepResult::Locked) {
            return Err(Error::Unavailable { reason: "somebody else uses the backup's file".to_owned() });
        }
        let pages = backup.progress();
        let (total, left) = (count(pages.pagecount), count(pages.remaining));
        progress(Progress { done: total.saturating_sub(left), total });
        if matches!(step, StepResult::Done) {
            return Ok(());
        }
    }
}

/// A database holds secrets' hashes, and so does its copy: nobody else may read it.
fn create(partial: &Path) -> Result<(), Error> {
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(partial);
    made.map(|_file| ()).map_err(|error| failed(partial, &error))
}

fn publish(partial: &Path, to: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    std::fs::rename(partial, to)?;
    // The new name must survive a power cut too.
    File::open(super::open::directory_of(to))?.sync_all()
}

fn partial_name(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

fn failed(path: &Path, error: &io::Error) -> Error {
    if error.kind() == ErrorKind::StorageFull {
        return Error::Full;
    }
    Error::Unavailable { reason: format!("cannot write {}: {error}", path.display()) }
}

fn count(pages: i32) -> u64 {
    u64::try_from(pages).unwrap_or(0)
}
