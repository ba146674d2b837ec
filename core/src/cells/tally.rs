//! What is counted about another cell, for `/metrics`.

use crate::last_time::LastTime;
use doorward_model::{RegionCode, Timestamp};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Questions that wait for one cell at a time: a cell that does not answer must not hold every connection of this one.
const AT_ONCE: usize = 64;
/// How long a caller waits for a place among them. A cell that answers, in a tenth of a second from the other side of the world,
/// has given back several times as many by then; one that does not answer holds its callers no longer than this.
const PLACE_WAIT: Duration = Duration::from_millis(500);
/// A lack of places is logged this often: it is one fact, however many are turned away.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Counts about another cell, since the start.
#[derive(Debug)]
pub struct PeerTally {
    cell: RegionCode,
    asked: AtomicU64,
    away: AtomicU64,
    busy: AtomicU64,
    busy_said: LastTime,
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
            busy: AtomicU64::default(),
            busy_said: LastTime::written(None),
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

    /// Key pairs it was not asked about, because too many others were being asked about.
    pub fn busy(&self) -> u64 {
        self.busy.load(Relaxed)
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

    /// A place among those who ask; `None` if none was given back within [`PLACE_WAIT`].
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        let place = tokio::time::timeout(PLACE_WAIT, self.places.acquire()).await.ok()?.ok()?;
        self.asked.fetch_add(1, Relaxed);
        Some(place)
    }

    /// Notes that somebody got no place; `true` if it is to be logged.
    pub(super) fn was_busy(&self, now: Timestamp) -> bool {
        self.busy.fetch_add(1, Relaxed);
        self.busy_said.falls_due(now, SAID_EVERY)
    }

    pub(super) fn was_away(&self) {
        self.away.fetch_add(1, Relaxed);
    }

    pub(super) fn was_kept(&self) {
        self.kept.fetch_add(1, Relaxed);
    }
}
