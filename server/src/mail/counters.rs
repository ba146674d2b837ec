//! What `/metrics` shows about mail: plain counters, without names or labels that could hold one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counted since the process started.
#[derive(Debug, Default)]
pub struct Counters {
    sent: AtomicU64,
    failed: AtomicU64,
    retried: AtomicU64,
    oldest_waiting_seconds: AtomicU64,
}

impl Counters {
    /// Letters the carrier took.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Letters given up.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Attempts that were put off.
    pub fn retried(&self) -> u64 {
        self.retried.load(Ordering::Relaxed)
    }

    /// Age of the oldest letter that still waits, in whole seconds; zero when none does.
    pub fn oldest_waiting_seconds(&self) -> u64 {
        self.oldest_waiting_seconds.load(Ordering::Relaxed)
    }

    /// Told by whoever reads the outbox; `None` when it is empty.
    pub fn set_oldest_waiting(&self, age: Option<Duration>) {
        self.oldest_waiting_seconds.store(age.unwrap_or_default().as_secs(), Ordering::Relaxed);
    }

    pub(super) fn count_sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_retried(&self) {
        self.retried.fetch_add(1, Ordering::Relaxed);
    }
}
