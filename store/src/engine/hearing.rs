//! How far a process has heard of what other processes make stale.
//!
//! What is remembered may be believed until the bound is over, counted from the *start* of the last good look at the log:
//! whatever was committed before that look was seen by it. The time is the machine's time since it was booted, which goes on
//! while the machine sleeps and never jumps: a node that was paused must not believe what it heard before. (A guest whose
//! processors its host stops may see this clock stand still. It then believes for what was left of the bound when it
//! goes on, as if it had not been away; nothing inside it can tell.)
//!
//! A server that another one has replaced may still answer whoever reads. Where it names standbys, they must have confirmed
//! a write within the bound too (`primary.rs`).
//!
//! A write of this process of which nobody knows whether it was kept leaves a doubt: the server may be about to keep it, and
//! whatever is read until then is what was before. So nothing is believed for one bound, and what was read meanwhile is
//! forgotten by the look that ends it. A write that is kept later still has its row in the log by then or
//! after, and is heard of like any other node's.

use super::primary::{Behind, Primary, Witness};
use rustix::time::{ClockId, clock_gettime};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

/// How much a process has heard; clones share it.
#[derive(Clone, Debug)]
pub struct Hearing(Option<Arc<Heard>>);

#[derive(Debug)]
struct Heard {
    /// In microseconds, as all times here.
    bound: u64,
    /// When the last good look began, since boot; 0 before anything was heard.
    from: AtomicU64,
    /// Whether standbys are named, and when they last confirmed what began then.
    needs_confirmation: AtomicBool,
    confirmed: AtomicU64,
    primary: Primary,
    /// A look that began before this settles nothing.
    doubted: AtomicU64,
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

impl Start {
    pub(super) const fn micros(self) -> u64 {
        self.0
    }

    #[cfg(test)]
    pub(super) const fn at(micros: u64) -> Self {
        Self(micros)
    }
}

impl Hearing {
    /// Of a process whose database nobody else writes to: it makes everything stale itself.
    pub(crate) const fn alone() -> Self {
        Self(None)
    }

    /// Of one among several, which has heard nothing yet.
    pub(super) fn within(bound: Duration) -> Self {
        let heard = Heard {
            bound: u64::try_from(bound.as_micros()).unwrap_or(u64::MAX),
            from: AtomicU64::new(0),
            needs_confirmation: AtomicBool::new(false),
            confirmed: AtomicU64::new(0),
            primary: Primary::new(bound),
            doubted: AtomicU64::new(0),
            looks: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            lag_micros: AtomicU64::new(0),
            lag_micros_max: AtomicU64::new(0),
        };
        Self(Some(Arc::new(heard)))
    }

    /// Whether what is remembered may be believed now.
    pub fn is_current(&self) -> bool {
        self.0.as_ref().is_none_or(|heard| {
            let (from, now) = (heard.from.load(SeqCst), since_boot());
            let is_lately = |moment: u64| moment != 0 && now < moment.saturating_add(heard.bound);
            let is_confirmed =
                || !heard.needs_confirmation.load(SeqCst) || is_lately(heard.confirmed.load(SeqCst));
            is_lately(from) && heard.doubted.load(SeqCst) <= from && is_confirmed()
        })
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
        heard.from.store(start.0, SeqCst);
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
            heard.from.store(0, SeqCst);
        }
    }

    /// The server that is listened to. Where it names standbys, it must still be theirs to be believed.
    pub(super) fn is_at(&self, behind: Behind) {
        if let Some(heard) = &self.0 {
            if heard.primary.is_at(behind) {
                // What was heard was another server's log.
                heard.from.store(0, SeqCst);
                heard.confirmed.store(0, SeqCst);
            }
            heard.needs_confirmation.store(behind.has_standbys, SeqCst);
        }
    }

    /// The standbys confirmed a write that began then: the server was still the primary.
    pub(super) fn confirmed(&self, start: Start) {
        if let Some(heard) = &self.0 {
            heard.confirmed.store(start.0, SeqCst);
            heard.primary.confirmed(start);
        }
    }

    /// They did not.
    pub(super) fn unconfirmed(&self) {
        if let Some(heard) = &self.0 {
            heard.primary.is_alone();
        }
    }

    /// Whether another server was taken for the primary since a connection to this one was opened.
    pub(super) fn has_moved(&self, from: Behind, opened: Instant) -> bool {
        self.0.as_ref().is_some_and(|heard| heard.primary.has_moved(from, opened))
    }

    /// What it is worth that this server was read from just now, over a connection that was opened then.
    pub(super) fn witness(&self, behind: Behind, opened: Instant) -> Witness {
        self.0.as_ref().map_or(Witness::Primary, |heard| heard.primary.witness(behind, opened))
    }

    /// Whether a write of this process was kept is unknown: nothing is believed until a look that begins a bound from now.
    pub(super) fn doubt(&self) {
        if let Some(heard) = &self.0 {
            heard.doubted.fetch_max(since_boot().saturating_add(heard.bound), SeqCst);
            heard.primary.doubt();
        }
    }

    /// Whether a look that began then ends a doubt, once it is good: first everything is to be forgotten.
    pub(super) fn would_settle(&self, start: Start) -> bool {
        self.0.as_ref().is_some_and(|heard| {
            let doubted = heard.doubted.load(SeqCst);
            heard.from.load(SeqCst) < doubted && doubted <= start.0
        })
    }
}

/// Microseconds since boot.
pub(super) fn since_boot() -> u64 {
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
    fn a_doubt_lasts_until_a_look_that_begins_when_its_bound_is_over() {
        let hearing = Hearing::within(Duration::from_secs(1));
        hearing.heard(Hearing::start(), 0, None);
        hearing.doubt();
        assert!(!hearing.is_current());
        let soon = Hearing::start();
        assert!(!hearing.would_settle(soon));
        hearing.heard(soon, 0, None);
        assert!(!hearing.is_current(), "the write may still come");
        let later = Start(since_boot() + 1_000_000);
        assert!(hearing.would_settle(later));
        hearing.heard(later, 0, None);
        assert!(hearing.is_current());
        assert!(!hearing.would_settle(Start(later.0 + 1)), "once is enough");
    }

    #[test]
    fn what_was_heard_of_one_server_says_nothing_of_another() {
        let hearing = Hearing::within(Duration::from_secs(3_600));
        let one = Behind { started: 1, has_standbys: true };
        hearing.is_at(one);
        hearing.heard(Hearing::start(), 0, None);
        hearing.confirmed(Hearing::start());
        assert!(hearing.is_current());
        // A pooler leads on to another one between the look and the beat.
        hearing.is_at(Behind { started: 2, ..one });
        hearing.confirmed(Hearing::start());
        assert!(!hearing.is_current());
        hearing.heard(Hearing::start(), 0, None);
        assert!(hearing.is_current());
    }

    #[test]
    fn who_is_alone_need_not_hear() {
        assert!(Hearing::alone().is_current());
        assert_eq!(Hearing::alone().stats(), None);
    }
}
