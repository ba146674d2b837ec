//! The hash queue: a few threads compute password hashes, a bounded list waits for them, and when it is full
//! the answer is "later" at once (P18).
//!
//! `settings.rs` is its size, `fair.rs` who is next, `task.rs` one job, `worker.rs` one thread.

mod fair;
mod settings;
mod state;
mod task;
#[cfg(test)]
mod tests;
mod worker;

pub use settings::HashQueueSettings;

use super::hasher::Hasher;
use super::{Arena, InvalidHash, PasswordHash};
use crate::{Random, RandomUnavailable};
use doorward_model::{HashScheme, Secret};
use state::State;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use task::Ordered;
use thiserror::Error;

/// What a checked password turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the person's.
    Match {
        /// The stored hash is weaker than the target: hash the password anew and store that (P6).
        rehash: bool,
    },
    /// It is not, or there is no person.
    Mismatch,
}

/// Why nothing was computed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HashRefused {
    /// The waiting list, or this lane's share of it, is full. Answered at once.
    #[error("too many sign-ins are waiting")]
    Full {
        /// When to try again: whole seconds, at least one.
        retry_after: Duration,
    },
    /// The server is shutting down.
    #[error("the server is shutting down")]
    Stopped,
    /// The hash cannot be computed; the text is for the operator.
    #[error("{0}")]
    Broken(String),
}

/// Why the queue did not start; the text is for the operator.
#[derive(Debug, Error)]
pub enum NotStarted {
    /// It needs at least one thread.
    #[error("password hashing needs at least one thread")]
    NoThreads,
    /// No thread could be started.
    #[error("a hashing thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// No salt can be made.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
    /// The dummy hash does not fit its own form, which validated parameters never cause.
    #[error(transparent)]
    Dummy(#[from] InvalidHash),
}

/// The queue in figures, for `/metrics`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Jobs that wait now.
    pub waiting: usize,
    /// Jobs that run now.
    pub running: usize,
    /// Jobs computed since the start.
    pub finished: u64,
    /// Jobs refused because the list was full.
    pub refused: u64,
    /// Jobs dropped at their turn because their caller had gone.
    pub abandoned: u64,
    /// Hashing threads.
    pub threads: usize,
    /// Memory the threads hold now.
    pub memory_bytes: usize,
}

/// The queue. Share it in an `Arc`; it stops when the last owner drops it.
#[derive(Debug)]
pub struct HashQueue {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    hasher: Hasher,
    state: Mutex<State>,
    work: Condvar,
    /// Bytes held by each thread's arena.
    memory: Vec<AtomicUsize>,
}

impl HashQueue {
    /// Starts the threads. They hold no memory until the first hash.
    pub fn start(settings: HashQueueSettings) -> Result<Self, NotStarted> {
        if settings.threads == 0 {
            return Err(NotStarted::NoThreads);
        }
        let shared = Arc::new(Shared {
            hasher: Hasher::new(settings.engine, settings.params, settings.pepper, Random::os())?,
            state: Mutex::new(State::new(settings.threads, settings.waiting)),
            work: Condvar::new(),
            memory: (0..settings.threads).map(|_| AtomicUsize::new(0)).collect(),
        });
        // Made first, so that its drop stops the threads already running if a later one does not start.
        let queue = Self { shared, threads: Mutex::new(Vec::new()) };
        for number in 0..settings.threads {
            let shared = Arc::clone(&queue.shared);
            let thread = std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || worker::run(&shared, number, settings.arena_idle))?;
            queue.threads().push(thread);
        }
        Ok(queue)
    }

    /// Checks a password, given as it is hashed (NFC already). With nothing stored, computes a hash of the target's
    /// cost all the same and answers `Mismatch` (P8). `lane` is the tenant tree, for fairness.
    pub async fn verify(
        &self,
        lane: u128,
        password: Secret,
        stored: Option<PasswordHash>,
    ) -> Result<Verdict, HashRefused> {
        self.run(lane, move |hasher, arena| hasher.verify(arena, &password, stored.as_ref())).await
    }

    /// Makes the hash to store for a new password, given as it is hashed (NFC already).
    pub async fn hash(&self, lane: u128, password: Secret) -> Result<PasswordHash, HashRefused> {
        self.run(lane, move |hasher, arena| hasher.hash(arena, &password)).await
    }

    /// The cost of new hashes.
    pub fn params(&self) -> super::Params {
        *self.shared.hasher.target()
    }

    /// Of which kind new hashes are.
    pub fn scheme(&self) -> HashScheme {
        self.shared.hasher.scheme()
    }

    /// The queue in figures.
    pub fn stats(&self) -> Stats {
        let memory_bytes = self.shared.memory.iter().map(|bytes| bytes.load(Ordering::Relaxed)).sum();
        self.shared.lock().stats(memory_bytes)
    }

    /// Refuses what waits, lets running hashes end, and joins the threads. Blocks for one hash at most.
    pub fn stop(&self) {
        self.shared.lock().stop();
        self.shared.work.notify_all();
        for thread in std::mem::take(&mut *self.threads()) {
            if thread.join().is_err() {
                tracing::error!("a hashing thread had panicked");
            }
        }
    }

    async fn run<T, W>(&self, lane: u128, work: W) -> Result<T, HashRefused>
    where
        T: Send + 'static,
        W: FnOnce(&Hasher, &mut Arena) -> Result<T, HashRefused> + Send + 'static,
    {
        let (task, answered) = Ordered::new(work);
        self.shared.lock().admit(lane, Box::new(task))?;
        self.shared.work.notify_one();
        answered.await.unwrap_or(Err(HashRefused::Stopped))
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for HashQueue {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    /// No code that holds this lock can panic half-way through a change, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
