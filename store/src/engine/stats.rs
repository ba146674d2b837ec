//! Figures of an engine: counted by its threads, read by `/metrics`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

/// Figures since the database was opened; sums are for rates and means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Interactive writes that wait now.
    pub waiting_interactive: u64,
    /// Bulk writes that wait now.
    pub waiting_bulk: u64,
    /// Reads that wait now.
    pub waiting_reads: u64,
    /// Groups committed.
    pub commits: u64,
    /// Commits that failed; nobody of the group was told it succeeded.
    pub failed_commits: u64,
    /// Writes answered, well or badly.
    pub writes: u64,
    /// Jobs in the last group.
    pub last_group: u64,
    /// Jobs run again because the transaction they shared was lost.
    pub reruns: u64,
    /// Microseconds from queueing to answer, over all writes.
    pub write_micros: u64,
    /// Reads answered, well or badly.
    pub reads: u64,
    /// Microseconds from queueing to answer, over all reads.
    pub read_micros: u64,
    /// The connections to a server; `None` where the database is in this process.
    pub connections: Option<Connections>,
}

/// Connections to a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// At most: one for each thread.
    pub most: u64,
    /// Open now.
    pub open: u64,
    /// Tries to connect that failed.
    pub failed: u64,
}

#[derive(Default)]
pub(super) struct Counters {
    commits: AtomicU64,
    failed_commits: AtomicU64,
    writes: AtomicU64,
    last_group: AtomicU64,
    reruns: AtomicU64,
    write_micros: AtomicU64,
    reads: AtomicU64,
    read_micros: AtomicU64,
    connections: Arc<AtomicU64>,
}

/// A connection while it is open.
pub(super) struct OpenConnection(Arc<AtomicU64>);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Counters {
    /// A connection opens; it counts until what is returned is dropped.
    pub(super) fn connected(&self) -> OpenConnection {
        self.connections.fetch_add(1, Relaxed);
        OpenConnection(Arc::clone(&self.connections))
    }

    /// The connections, of which there are so many at most, and so many could not be had.
    pub(super) fn connections(&self, most: usize, failed: u64) -> Connections {
        Connections { most: count(most), open: self.connections.load(Relaxed), failed }
    }

    pub(super) fn committed(&self, jobs: usize) {
        self.commits.fetch_add(1, Relaxed);
        self.last_group.store(count(jobs), Relaxed);
    }

    pub(super) fn commit_failed(&self) {
        self.failed_commits.fetch_add(1, Relaxed);
    }

    pub(super) fn rerun(&self, jobs: usize) {
        self.reruns.fetch_add(count(jobs), Relaxed);
    }

    pub(super) fn wrote(&self, since: Instant) {
        self.writes.fetch_add(1, Relaxed);
        self.write_micros.fetch_add(micros(since), Relaxed);
    }

    pub(super) fn read(&self, since: Instant) {
        self.reads.fetch_add(1, Relaxed);
        self.read_micros.fetch_add(micros(since), Relaxed);
    }

    /// What was counted; what waits is for the queues to say.
    pub(super) fn snapshot(&self) -> Stats {
        Stats {
            commits: self.commits.load(Relaxed),
            failed_commits: self.failed_commits.load(Relaxed),
            writes: self.writes.load(Relaxed),
            last_group: self.last_group.load(Relaxed),
            reruns: self.reruns.load(Relaxed),
            write_micros: self.write_micros.load(Relaxed),
            reads: self.reads.load(Relaxed),
            read_micros: self.read_micros.load(Relaxed),
            ..Stats::default()
        }
    }
}

pub(super) fn count(jobs: usize) -> u64 {
    u64::try_from(jobs).unwrap_or(u64::MAX)
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
