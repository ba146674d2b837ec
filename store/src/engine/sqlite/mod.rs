//! The SQLite engine: one writer thread that commits in groups, and reader threads with snapshots.
//!
//! Start with `writer.rs`. `open.rs` finds or makes the file and `connection.rs` says how every connection
//! is set; `session.rs` runs statements; `errors.rs` translates what SQLite says.

mod backup;
mod connection;
mod errors;
mod gate;
mod glance;
mod lock;
mod open;
mod plans;
mod reader;
mod restore;
mod schema;
mod session;
mod writer;

pub use backup::Progress;
pub use restore::{Replaced, Restore, RestoreError, Restored, restore};
pub(crate) use schema::{Column, columns};
pub(super) use session::{Session, column};

use super::{
    Hook,
    ears::Ears,
    job::Job,
    queue::{Lane, Queue, Safety},
    stats::{Counters, Stats, count},
};
use crate::{Error, OpenError};
use connection::Place;
use gate::Gate;
use glance::Glances;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

/// How a SQLite database is opened.
#[derive(Clone, Debug)]
pub struct SqliteSettings {
    /// The database file; its directory must exist.
    pub path: PathBuf,
    /// Reader threads, each with a connection and its page cache; at least one is started.
    pub readers: usize,
}

/// What the handles and threads of one database share.
struct Shared {
    place: Place,
    writes: Queue,
    reads: Queue,
    counters: Counters,
    ears: Ears,
    gate: Gate,
    glances: Glances,
}

/// An open database. Dropping it closes the queues; [`Sqlite::close`] also waits for the threads.
pub(crate) struct Sqlite {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Sqlite {
    /// Opens, creates and migrates a file.
    pub(crate) fn open(settings: &SqliteSettings) -> Result<Self, OpenError> {
        open::file(settings)
    }

    /// Makes a database in memory.
    pub(crate) fn in_memory() -> Result<Self, OpenError> {
        open::memory()
    }

    pub(crate) fn queue_read(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.shared.reads.push(Lane::Interactive, Safety::Visible, job)
    }

    pub(crate) fn glance<T>(
        &self,
        work: impl FnOnce(super::Driver<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.shared.glances.read(&self.shared, work)
    }

    pub(crate) fn peek<T>(
        &self,
        work: impl FnOnce(super::Driver<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.shared.glances.peek(&self.shared, work)
    }

    pub(crate) fn queue_write(&self, lane: Lane, safety: Safety, job: Box<dyn Job>) -> Result<(), Error> {
        self.shared.writes.push(lane, safety, job)
    }

    pub(crate) fn set_on_commit(&self, hook: Hook) {
        self.shared.ears.set(hook);
    }

    pub(crate) async fn backup(
        &self,
        to: PathBuf,
        progress: Box<dyn FnMut(Progress) + Send>,
    ) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        off_the_runtime(move || backup::run(&shared, &to, progress)).await.and_then(|ran| ran)
    }

    pub(crate) async fn close(&self) {
        self.shared.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let joined = off_the_runtime(move || threads.into_iter().all(|thread| thread.join().is_ok())).await;
        if joined != Ok(true) {
            tracing::error!("a database thread ended in a panic");
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let Shared { writes, reads, counters, .. } = &*self.shared;
        Stats {
            waiting_interactive: count(writes.waiting(Lane::Interactive)),
            waiting_bulk: count(writes.waiting(Lane::Bulk)),
            waiting_reads: count(reads.waiting(Lane::Interactive)),
            ..counters.snapshot()
        }
    }
}

impl Shared {
    fn close(&self) {
        self.writes.close();
        self.reads.close();
        self.glances.close();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.shared.close();
    }
}

async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let ran = tokio::task::spawn_blocking(work).await;
    ran.map_err(|error| Error::Fault(format!("a database task did not end: {error}")))
}
