//! What has happened so far. The fault waits for it: nothing here waits for time to pass.

use super::spoken::Unacknowledged;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Longer than anything takes that happens at all, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// What clients were told at one node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) acknowledged: usize,
    /// Answers of 500 or more.
    pub(super) errors: usize,
    /// Connections that were refused or broke.
    pub(super) unreachable: usize,
}

/// Everything that is counted, and what went wrong.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) nodes: Vec<Tally>,
    /// The longest time without an acknowledgement anywhere.
    pub(super) gap: Duration,
    pub(super) lost: Vec<String>,
    pub(super) revived: Vec<String>,
    /// Answers that no fault excuses.
    pub(super) broken: Vec<String>,
    last: Instant,
    /// How often everybody was told to return to their own node.
    calls: usize,
    /// Whether somebody waits for them to be served there.
    is_calling: bool,
    is_over: bool,
}

pub(super) struct Progress {
    counted: Mutex<Counted>,
    changed: Condvar,
}

/// Ends the traffic, also when a fault's own code fails.
pub(super) struct End<'a>(pub(super) &'a Progress);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.change(|counted| {
            counted.gap = counted.gap.max(counted.last.elapsed());
            counted.is_over = true;
        });
    }
}

impl Counted {
    pub(super) fn acknowledged(&self) -> usize {
        self.nodes.iter().map(|tally| tally.acknowledged).sum()
    }

    fn has_failed(&self) -> bool {
        !(self.lost.is_empty() && self.revived.is_empty() && self.broken.is_empty())
    }
}

impl Progress {
    pub(super) fn new(nodes: usize) -> Self {
        let counted = Counted {
            nodes: vec![Tally::default(); nodes],
            gap: Duration::ZERO,
            lost: Vec::new(),
            revived: Vec::new(),
            broken: Vec::new(),
            last: Instant::now(),
            calls: 0,
            is_calling: false,
            is_over: false,
        };
        Self { counted: Mutex::new(counted), changed: Condvar::new() }
    }

    pub(super) fn into_counted(self) -> Counted {
        self.counted.into_inner().unwrap()
    }

    pub(super) fn is_over(&self) -> bool {
        self.counted.lock().unwrap().is_over
    }

    pub(super) fn calls(&self) -> usize {
        self.counted.lock().unwrap().calls
    }

    pub(super) fn acknowledged(&self, node: usize) {
        self.change(|counted| {
            let now = Instant::now();
            counted.gap = counted.gap.max(now.saturating_duration_since(counted.last));
            counted.last = now;
            counted.nodes[node].acknowledged += 1;
        });
    }

    /// A request that was not acknowledged; a refusal is for who asked to judge.
    pub(super) fn missed(&self, node: usize, why: &Unacknowledged) {
        self.change(|counted| {
            match why {
                Unacknowledged::Unavailable => counted.nodes[node].errors += 1,
                Unacknowledged::Unreachable => counted.nodes[node].unreachable += 1,
                Unacknowledged::Broken(words) => {
                    counted.nodes[node].errors += 1;
                    counted.broken.push(words.clone());
                }
                Unacknowledged::Refused(_) => {}
            }
            // Whoever came back too early goes elsewhere, and would stay there.
            counted.calls += usize::from(counted.is_calling);
        });
    }

    pub(super) fn lost(&self, what: String) {
        self.change(|counted| counted.lost.push(what));
    }

    pub(super) fn revived(&self, what: String) {
        self.change(|counted| counted.revived.push(what));
    }

    pub(super) fn broken(&self, what: String) {
        self.change(|counted| counted.broken.push(what));
    }

    /// Waits until so many more writes were acknowledged, wherever.
    pub(super) fn more(&self, count: usize) {
        let before = self.now().acknowledged();
        self.until("more writes are acknowledged", |counted| counted.acknowledged() >= before + count);
    }

    /// Waits until these nodes have said that they cannot.
    pub(super) fn refused_at(&self, nodes: &[usize]) {
        let before = self.now();
        self.until("503 at the nodes that are hit", |counted| {
            nodes.iter().all(|&node| counted.nodes[node].errors > before.nodes[node].errors)
        });
    }

    /// Calls everybody back to their own node, and waits until each of these has acknowledged something.
    pub(super) fn served_at(&self, nodes: &[usize]) {
        self.change(|counted| {
            counted.calls += 1;
            counted.is_calling = true;
        });
        let before = self.now();
        self.until("every node serves again", |counted| {
            nodes.iter().all(|&node| counted.nodes[node].acknowledged > before.nodes[node].acknowledged)
        });
        self.change(|counted| counted.is_calling = false);
    }

    fn now(&self) -> Counted {
        self.counted.lock().unwrap().clone()
    }

    fn change(&self, change: impl FnOnce(&mut Counted)) {
        let mut counted: MutexGuard<'_, Counted> = self.counted.lock().unwrap();
        change(&mut counted);
        drop(counted);
        self.changed.notify_all();
    }

    fn until(&self, what: &str, is_so: impl Fn(&Counted) -> bool) {
        let counted = self.counted.lock().unwrap();
        // What has failed already need not be waited for.
        let is_done = |counted: &Counted| is_so(counted) || counted.has_failed();
        let waited = self.changed.wait_timeout_while(counted, PATIENCE, |counted| !is_done(counted));
        let (counted, timeout) = waited.unwrap();
        let is_late = timeout.timed_out();
        let seen = counted.clone();
        drop(counted);
        assert!(!is_late, "never: {what}: {seen:?}");
    }
}
