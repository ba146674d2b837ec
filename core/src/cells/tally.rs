//! What is counted about another cell, for `/metrics`.

use doorward_model::{RegionCode, Timestamp};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Questions that wait for one cell at a time. Beyond, a caller is told at once that the home is away: a cell that does not
/// answer must not hold every connection of this one.
const AT_ONCE: usize = 64;

/// Counts about another cell, since the start.
#[derive(Debug)]
pub struct PeerTally {
    cell: RegionCode,
    asked: AtomicU64,
    away: AtomicU64,
    kept: AtomicU64,
    pages: AtomicU64,
    failed_pages: AtomicU64,
    heard_at: AtomicI64,
    behind: AtomicI64,
    places: Semaphore,
}

impl PeerTally {
    pub(super) fn new(cell: RegionCode) -> Self {
        Self {
            cell,
            asked: AtomicU64::default(),
            away: AtomicU64::default(),
            kept: AtomicU64::default(),
            pages: AtomicU64::default(),
            failed_pages: AtomicU64::default(),
            heard_at: AtomicI64::default(),
            behind: AtomicI64::default(),
            places: Semaphore::new(AT_ONCE),
        }
    }

    /// The cell.
    pub fn cell(&self) -> &RegionCode {
        &self.cell
    }

    /// Key pairs it was asked about.
    pub fn asked(&self) -> u64 {
        self.asked.load(Relaxed)
    }

    /// Of these, how many it did not answer.
    pub fn away(&self) -> u64 {
        self.away.load(Relaxed)
    }

    /// Calls that an answer of a moment ago was good for.
    pub fn kept(&self) -> u64 {
        self.kept.load(Relaxed)
    }

    /// Pages of its directory that were read.
    pub fn pages(&self) -> u64 {
        self.pages.load(Relaxed)
    }

    /// Pages that were asked for in vain.
    pub fn failed_pages(&self) -> u64 {
        self.failed_pages.load(Relaxed)
    }

    /// When all it had to tell was read last; `None` if never since the start.
    pub fn heard_at(&self) -> Option<Timestamp> {
        match self.heard_at.load(Relaxed) {
            0 => None,
            micros => Some(Timestamp::from_micros(micros)),
        }
    }

    /// How many changes of its directory are known to be unread.
    pub fn behind(&self) -> u64 {
        u64::try_from(self.behind.load(Relaxed)).unwrap_or(0)
    }

    /// Notes that its directory could not be read.
    pub fn page_failed(&self) {
        self.failed_pages.fetch_add(1, Relaxed);
    }

    pub(super) fn page_read(&self, behind: i64, at: Timestamp) {
        self.pages.fetch_add(1, Relaxed);
        self.behind.store(behind, Relaxed);
        if behind == 0 {
            self.heard_at.store(at.micros(), Relaxed);
        }
    }

    /// A place among those who ask; `None` while all are taken.
    pub(super) fn asking(&self) -> Option<SemaphorePermit<'_>> {
        self.asked.fetch_add(1, Relaxed);
        self.places.try_acquire().ok()
    }

    pub(super) fn was_away(&self) {
        self.away.fetch_add(1, Relaxed);
    }

    pub(super) fn was_kept(&self) {
        self.kept.fetch_add(1, Relaxed);
    }
}
