//! The PostgreSQL engine: threads that each own a connection and run one transaction at a time.
//!
//! Start with `worker.rs`, which tries again what may be tried again; `transaction.rs` is one try, `link/` a
//! connection, `reach.rs` how one is had and `trust.rs` how long it is worth anything, `listener.rs` reads what other nodes revoked (`look.rs`), `session.rs` runs statements, `errors.rs` translates what
//! PostgreSQL says, and `remedies.rs` says what to do about it. `address.rs` and `tls.rs` read the URL, `open.rs` starts it
//! all.

mod address;
mod errors;
mod link;
mod listener;
mod look;
mod open;
mod others;
mod reach;
mod remedies;
mod session;
mod settings;
mod standbys;
mod text;
mod tls;
mod transaction;
mod trust;
mod values;
mod worker;

pub(crate) use errors::Failure;
pub(crate) use link::Link;
pub(super) use session::Session;
pub use settings::PostgresSettings;
pub(super) use values::column;

use super::{
    Hearing, Hook, LogClock,
    ears::Ears,
    job::Job,
    queue::{Lane, Queue, Safety},
    stats::{Counters, Stats, count},
};
use crate::{Error, OpenError};
use doorward_model::Timestamp;
use reach::Reach;
use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};
use tokio::sync::Notify;

/// What the handles and threads of one database share.
struct Shared {
    reach: Reach,
    settings: PostgresSettings,
    writes: Queue,
    reads: Queue,
    counters: Counters,
    ears: Ears,
    hearing: Hearing,
    log_clock: Arc<OnceLock<LogClock>>,
    is_closed: AtomicBool,
    /// The listener has rings to pass on, or the database is being closed.
    wake: Notify,
    /// Something was revoked here of which other nodes were not told yet.
    owes_ring: AtomicBool,
}

/// An open database. Dropping it closes the queues; [`Postgres::close`] also waits for the threads.
pub(crate) struct Postgres {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Postgres {
    /// Connects and migrates.
    pub(crate) fn open(
        settings: &PostgresSettings,
        log_clock: Arc<OnceLock<LogClock>>,
    ) -> Result<Self, OpenError> {
        open::open(settings, log_clock)
    }

    pub(crate) fn queue_read(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.shared.reads.push(Lane::Interactive, Safety::Visible, job)
    }

    pub(crate) fn queue_write(&self, lane: Lane, safety: Safety, job: Box<dyn Job>) -> Result<(), Error> {
        self.shared.writes.push(lane, safety, job)
    }

    pub(crate) fn set_on_commit(&self, hook: Hook) {
        self.shared.ears.set(hook);
    }

    pub(crate) fn hearing(&self) -> Hearing {
        self.shared.hearing.clone()
    }

    pub(crate) async fn close(&self) {
        self.shared.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let ended =
            tokio::task::spawn_blocking(move || threads.into_iter().all(|thread| thread.join().is_ok()));
        if !matches!(ended.await, Ok(true)) {
            tracing::error!("a database thread ended in a panic");
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let Shared { reach, settings, writes, reads, counters, .. } = &*self.shared;
        let threads = settings.writers.max(1) + settings.readers.max(1);
        Stats {
            waiting_interactive: count(writes.waiting(Lane::Interactive)),
            waiting_bulk: count(writes.waiting(Lane::Bulk)),
            waiting_reads: count(reads.waiting(Lane::Interactive)),
            connections: Some(counters.connections(threads, reach.failures())),
            ..counters.snapshot()
        }
    }
}

impl Shared {
    /// How long ago that was; `None` where nobody told the engine the time.
    fn age(&self, at: Timestamp) -> Option<Duration> {
        self.log_clock.get().map(|clock| clock().since(at))
    }

    /// Has the listener ring for other nodes, soon. However many revoke meanwhile, it rings once.
    fn ring(&self) {
        if self.settings.revocation_notify {
            self.owes_ring.store(true, Ordering::SeqCst);
            self.wake.notify_one();
        }
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        self.wake.notify_one();
        self.writes.close();
        self.reads.close();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.shared.close();
    }
}
