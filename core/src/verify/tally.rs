//! How often it was asked who is calling, for `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Tally {
    known: AtomicU64,
    refused: AtomicU64,
}

impl Tally {
    /// How many callers were known.
    pub fn known(&self) -> u64 {
        self.known.load(Relaxed)
    }

    /// How many were refused, or could not be asked about.
    pub fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    /// Counts an answer and hands it on.
    pub(super) fn counted<T, E>(&self, answer: Result<T, E>) -> Result<T, E> {
        let counter = if answer.is_ok() { &self.known } else { &self.refused };
        counter.fetch_add(1, Relaxed);
        answer
    }
}
