//! How far a process has heard of what other processes make stale.
//!
//! What is remembered may be believed until the bound is over, counted from the *start* of the last good look at the log:
//! whatever was committed before that look was seen by it. The time is the machine's time since it was booted, which goes on
//! while the machine sleeps and never jumps: a node that was paused must not believe what it heard before.

use rustix::time::{ClockId, clock_gettime};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

/// How much a process has heard; clones share it.
#[derive(Clone, Debug)]
pub struct Hearing(Option<Arc<Heard>>);

#[derive(Debug)]
struct Heard {
    bound: Duration,
    /// Until when, in microseconds since boot; 0 before anything was heard.
    until: AtomicU64,
    looks: AtomicU64,
    rows: AtomicU64,
    lag_micros: AtomicU64,
    lag_micros_max: AtomicU64,
}

/// Figures of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeardStats {
    /// Looks at the log that succeeded.
    pub looks: u64,
    /// Rows of the log that were heard, this process's own among them.
    pub rows: u64,
    /// The age of the oldest row of the last look that heard some, in microseconds: from the writing of the log to here, by
    /// the clocks of both nodes.
    pub lag_micros: u64,
    /// The longest of them.
    pub lag_micros_max: u64,
}

/// The start of a look at the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start(u64);

impl Hearing {
    /// Of a process whose database nobody else writes to: it makes everything stale itself.
    pub(crate) const fn alone() -> Self {
        Self(None)
    }

    /// Of one among several, which has heard nothing yet.
    pub(super) fn within(bound: Duration) -> Self {
        let heard = Heard {
            bound,
            until: AtomicU64::new(0),
            looks: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            lag_micros: AtomicU64::new(0),
            lag_micros_max: AtomicU64::new(0),
        };
        Self(Some(Arc::new(heard)))
    }

    /// Whether what is remembered may be believed now.
    pub fn is_current(&self) -> bool {
        self.0.as_ref().is_none_or(|heard| since_boot() < heard.until.load(SeqCst))
    }

    /// Figures for `/metrics`; `None` where nobody else writes.
    pub fn stats(&self) -> Option<HeardStats> {
        self.0.as_ref().map(|heard| HeardStats {
            looks: heard.looks.load(SeqCst),
            rows: heard.rows.load(SeqCst),
            lag_micros: heard.lag_micros.load(SeqCst),
            lag_micros_max: heard.lag_micros_max.load(SeqCst),
        })
    }

    /// Take it before the look's transaction begins.
    pub(super) fn start() -> Start {
        Start(since_boot())
    }

    /// A look was good, and everything it saw was told.
    pub(super) fn heard(&self, start: Start, rows: u64, lag: Option<Duration>) {
        let Some(heard) = &self.0 else { return };
        let bound = u64::try_from(heard.bound.as_micros()).unwrap_or(u64::MAX);
        heard.until.store(start.0.saturating_add(bound), SeqCst);
        heard.looks.fetch_add(1, SeqCst);
        heard.rows.fetch_add(rows, SeqCst);
        if let Some(lag) = lag {
            let micros = u64::try_from(lag.as_micros()).unwrap_or(u64::MAX);
            heard.lag_micros.store(micros, SeqCst);
            heard.lag_micros_max.fetch_max(micros, SeqCst);
        }
    }

    /// Nothing is believed any more, until the next good look.
    pub(super) fn deafen(&self) {
        if let Some(heard) = &self.0 {
            heard.until.store(0, SeqCst);
        }
    }
}

/// Microseconds since boot.
fn since_boot() -> u64 {
    let time = clock_gettime(ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let micros = u64::try_from(time.tv_nsec).unwrap_or(0) / 1_000;
    seconds.saturating_mul(1_000_000).saturating_add(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_believed_until_the_bound_after_the_start_of_the_look_is_over() {
        let hour = Hearing::within(Duration::from_secs(3_600));
        assert!(!hour.is_current(), "nothing was heard yet");
        hour.heard(Hearing::start(), 1, None);
        assert!(hour.is_current());
        hour.deafen();
        assert!(!hour.is_current());
        let moment = Hearing::within(Duration::from_millis(1));
        moment.heard(Start(0), 1, None);
        assert!(!moment.is_current(), "a look that took as long as the machine runs");
    }

    #[test]
    fn who_is_alone_need_not_hear() {
        assert!(Hearing::alone().is_current());
        assert_eq!(Hearing::alone().stats(), None);
    }
}
