//! The gate of a database in memory: there is no write-ahead log there, so a reader and the writer would meet
//! SQLite's file locks and wait in sleeps. A file needs no gate: its readers never wait.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Open for a file; one writer or many readers for a database in memory.
pub(super) struct Gate(Option<RwLock<()>>);

impl Gate {
    pub(super) fn for_file() -> Self {
        Self(None)
    }

    pub(super) fn for_memory() -> Self {
        Self(Some(RwLock::new(())))
    }

    pub(super) fn read(&self) -> Option<RwLockReadGuard<'_, ()>> {
        self.0.as_ref().map(|lock| lock.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn write(&self) -> Option<RwLockWriteGuard<'_, ()>> {
        self.0.as_ref().map(|lock| lock.write().unwrap_or_else(PoisonError::into_inner))
    }
}
