//! Whether the server that was read from was still the primary.
//!
//! A primary that was replaced by its standby, and lives on, answers whoever reads, and knows nothing of what was revoked
//! since (P2). It can commit nothing any more, because the one that would have to confirm it has left. So where standbys
//! are named, a reading counts when they confirmed a commit of the same server that began within the bound before it, or
//! after it. Otherwise it is worth nothing, however long the database has been in this state.

use super::hearing::{Start, since_boot};
use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Who is behind a connection: a pooler, or a name that moves, may lead to another server at any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Behind {
    /// When it was started, in microseconds since 1970 by its own clock: no two of a pair share it.
    pub(crate) started: i64,
    /// Whether it names synchronous standbys, which must confirm what it commits.
    pub(crate) has_standbys: bool,
}

/// What a reading is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Witness {
    /// It was the primary.
    Primary,
    /// Another server is taken for the primary.
    Elsewhere,
    /// Nobody confirms that it still is.
    Unconfirmed,
}

/// The server that is taken for the primary.
#[derive(Debug)]
pub(super) struct Primary {
    bound: Duration,
    known: Mutex<Known>,
    changed: Condvar,
}

#[derive(Debug)]
struct Known {
    started: i64,
    since: Instant,
    /// When it was listened to last.
    heard: u64,
    /// When the last commit began that was confirmed, in microseconds since boot; 0 before there was one.
    confirmed: u64,
    /// The last one was not.
    is_alone: bool,
    /// What was confirmed from before then says nothing of a write whose fate is unknown.
    doubted: u64,
}

impl Known {
    fn moved(&self, from: Behind, opened: Instant) -> bool {
        self.started != 0 && self.started != from.started && opened < self.since
    }
}

impl Primary {
    pub(super) fn new(bound: Duration) -> Self {
        let known =
            Known { started: 0, since: Instant::now(), heard: 0, confirmed: 0, is_alone: false, doubted: 0 };
        Self { bound, known: Mutex::new(known), changed: Condvar::new() }
    }

    /// The server that is listened to; whether it is another one than before.
    pub(super) fn is_at(&self, behind: Behind) -> bool {
        let mut is_another = false;
        self.change(|known| {
            known.heard = since_boot();
            is_another = known.started != behind.started;
            if is_another {
                known.started = behind.started;
                known.since = Instant::now();
                known.confirmed = 0;
                known.is_alone = false;
            }
        });
        is_another
    }

    /// Its standbys confirmed a commit that began then.
    pub(super) fn confirmed(&self, start: Start) {
        self.change(|known| {
            if start.micros() >= known.doubted {
                known.confirmed = start.micros();
            }
            known.is_alone = false;
        });
    }

    /// Whether a write of this process was kept is unknown: what shows it, or shows it gone, counts once a later commit is
    /// confirmed, which stands behind it in the server's log.
    pub(super) fn doubt(&self) {
        self.change(|known| {
            known.doubted = since_boot();
            known.confirmed = 0;
        });
    }

    /// They did not.
    pub(super) fn is_alone(&self) {
        self.change(|known| known.is_alone = true);
    }

    /// Whether another server was taken for the primary since a connection to this one was opened.
    pub(super) fn has_moved(&self, from: Behind, opened: Instant) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        from.started != 0 && known.moved(from, opened)
    }

    /// What it is worth that this server was read from just now, over a connection that was opened then. Where it takes the
    /// standbys long to confirm, it waits for them, a bound at most.
    pub(super) fn witness(&self, behind: Behind, opened: Instant) -> Witness {
        let (read, deadline) = (since_boot(), Instant::now() + self.bound);
        let bound = u64::try_from(self.bound.as_micros()).unwrap_or(u64::MAX);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            // Before anybody listens there is nobody else to believe.
            let is_same = known.started == behind.started || known.started == 0 && !behind.has_standbys;
            if is_same && !behind.has_standbys {
                return Witness::Primary;
            }
            if is_same && known.confirmed != 0 && read < known.confirmed.saturating_add(bound) {
                return Witness::Primary;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let is_over = left.is_zero();
            if is_same && (known.is_alone || is_over) {
                return Witness::Unconfirmed;
            }
            // One that was started anew may be met before the listener is there again.
            if !is_same && is_over && !behind.has_standbys && known.heard <= read {
                return Witness::Primary;
            }
            if known.moved(behind, opened) || !is_same && is_over {
                return Witness::Elsewhere;
            }
            let woken = self.changed.wait_timeout(known, left);
            known = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Hearing, *};

    const ONE: Behind = Behind { started: 1, has_standbys: true };
    const OTHER: Behind = Behind { started: 2, has_standbys: true };

    #[test]
    fn a_server_without_standbys_needs_nobody_to_confirm_it() {
        let primary = Primary::new(Duration::from_secs(3_600));
        let alone = Behind { has_standbys: false, ..ONE };
        assert_eq!(primary.witness(alone, Instant::now()), Witness::Primary);
        let early = Instant::now();
        assert!(primary.is_at(alone));
        assert_eq!(primary.witness(alone, Instant::now()), Witness::Primary);
        let replaced = Behind { has_standbys: false, ..OTHER };
        assert_eq!(primary.witness(replaced, early), Witness::Elsewhere);
        let hasty = Primary::new(Duration::from_millis(1));
        assert!(hasty.is_at(ONE));
        assert_eq!(hasty.witness(replaced, Instant::now()), Witness::Primary, "nobody has listened since");
    }

    #[test]
    fn a_reading_counts_once_a_commit_of_the_same_server_is_confirmed() {
        let primary = Primary::new(Duration::from_secs(3_600));
        assert!(primary.is_at(ONE) && !primary.is_at(ONE));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| primary.witness(ONE, Instant::now()));
            primary.confirmed(Hearing::start());
            assert_eq!(waiting.join().unwrap(), Witness::Primary);
        });
        let early = Instant::now();
        assert!(primary.is_at(OTHER));
        assert_eq!(primary.witness(ONE, early), Witness::Elsewhere);
        assert!(primary.has_moved(ONE, early) && !primary.has_moved(ONE, Instant::now()));
        assert!(!primary.has_moved(OTHER, early) && !primary.has_moved(Behind::default(), early));
        primary.is_alone();
        assert_eq!(primary.witness(OTHER, Instant::now()), Witness::Unconfirmed);
        primary.confirmed(Hearing::start());
        assert_eq!(primary.witness(OTHER, Instant::now()), Witness::Primary);
    }

    #[test]
    fn a_doubt_wants_a_commit_that_begins_after_it() {
        let primary = Primary::new(Duration::from_secs(3_600));
        assert!(primary.is_at(ONE));
        primary.is_alone();
        let early = Start::at(since_boot() - 1);
        primary.doubt();
        primary.confirmed(early);
        primary.is_alone();
        assert_eq!(primary.witness(ONE, Instant::now()), Witness::Unconfirmed);
        primary.confirmed(Hearing::start());
        assert_eq!(primary.witness(ONE, Instant::now()), Witness::Primary);
    }

    #[test]
    fn nobody_waits_longer_than_the_bound() {
        let primary = Primary::new(Duration::from_millis(1));
        assert!(primary.is_at(ONE));
        assert_eq!(primary.witness(ONE, Instant::now()), Witness::Unconfirmed);
        let late = Instant::now();
        assert_eq!(primary.witness(OTHER, late), Witness::Elsewhere);
    }
}
