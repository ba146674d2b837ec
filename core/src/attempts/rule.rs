//! The guessing rule (P7, NIST SP 800-63B-4 §3.2.2), pure: counters in, decision out.
//!
//! An attempt is *reserved* before its password is hashed and *settled* after, so that parallel guesses cannot
//! outrun the counter. A few failures are free, then each costs a growing wait, and after a hundred there is none.

use doorward_model::Timestamp;
use doorward_store::attempts::Attempts;
use std::time::Duration;

/// People mistype; nobody notices a limit that begins after four failures.
const FREE_FAILURES: i64 = 4;
/// The wait after the first failure that costs one; doubles with each (P7).
pub(super) const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait (P7).
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// Consecutive failures after which only a reset, an administrator or a known place helps (P7).
const MOST_FAILURES: i64 = 100;
/// Programs sign one account in from many threads at once; more than this in flight is somebody guessing.
const MOST_PENDING: i64 = 64;
/// No hash takes this long: an attempt pending for longer belongs to a process that died, and counts as a failure.
const PENDING_LIFETIME: Duration = Duration::from_secs(60);

/// Whether an attempt may begin.
pub(crate) enum Reserved {
    /// It may; write these counters.
    Yes(Attempts),
    /// Not before this long.
    No(Duration),
}

/// Begins an attempt.
pub(crate) fn reserve(known: Attempts, now: Timestamp) -> Reserved {
    let known = settle_forgotten(known, now);
    let waits = known.failures > FREE_FAILURES;
    let most_pending = if waits { 1 } else { MOST_PENDING };
    let wait = known.allowed_at.since(now);
    // A longer wait than any was written by a clock that ran ahead, and would lock out for as long as it did (P21).
    if now < known.allowed_at && wait <= LONGEST_WAIT {
        return Reserved::No(wait);
    }
    if is_exhausted(known) {
        return Reserved::No(LONGEST_WAIT);
    }
    if known.pending >= most_pending {
        return Reserved::No(FIRST_WAIT);
    }
    Reserved::Yes(Attempts { pending: known.pending + 1, changed_at: now, ..known })
}

/// Whether so many attempts failed in a row that waiting does not help any more.
pub(crate) fn is_exhausted(known: Attempts) -> bool {
    known.failures + known.pending >= MOST_FAILURES
}

/// Settles an attempt whose password was wrong.
pub(crate) fn failed(known: Attempts, now: Timestamp) -> Attempts {
    let failures = known.failures + 1;
    Attempts {
        failures,
        pending: (known.pending - 1).max(0),
        allowed_at: now.plus(wait_after(failures)),
        changed_at: now,
    }
}

/// Settles an attempt that succeeded: everything is forgotten but what is still in flight.
pub(crate) fn succeeded(known: Attempts, now: Timestamp) -> Attempts {
    Attempts {
        failures: 0,
        pending: (known.pending - 1).max(0),
        allowed_at: Timestamp::default(),
        changed_at: now,
    }
}

/// Takes a reservation back: the attempt came to nothing for a reason of ours.
pub(crate) fn released(known: Attempts, now: Timestamp) -> Attempts {
    Attempts { pending: (known.pending - 1).max(0), changed_at: now, ..known }
}

fn settle_forgotten(known: Attempts, now: Timestamp) -> Attempts {
    if known.pending > 0 && now.since(known.changed_at) > PENDING_LIFETIME {
        Attempts { failures: known.failures + known.pending, pending: 0, ..known }
    } else {
        known
    }
}

fn wait_after(failures: i64) -> Duration {
    let doublings = failures - FREE_FAILURES - 1;
    if doublings < 0 {
        return Duration::ZERO;
    }
    let factor = u32::try_from(doublings).ok().and_then(|doublings| 1_u32.checked_shl(doublings));
    factor
        .and_then(|factor| FIRST_WAIT.checked_mul(factor))
        .map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u64) -> Timestamp {
        Timestamp::default().plus(Duration::from_secs(count))
    }

    fn begin(known: Attempts, now: Timestamp) -> Option<Attempts> {
        match reserve(known, now) {
            Reserved::Yes(reserved) => Some(reserved),
            Reserved::No(_) => None,
        }
    }

    #[test]
    fn waits_grow_from_one_second_to_one_hour() {
        let waits: Vec<u64> = (1..=20).map(|failures| wait_after(failures).as_secs()).collect();
        assert_eq!(waits[..8], [0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(waits[19], 3600);
        assert_eq!(wait_after(i64::MAX).as_secs(), 3600);
    }

    #[test]
    fn a_hundred_failures_are_the_end_even_for_a_patient_guesser() {
        let mut known = Attempts::default();
        let mut now = seconds(0);
        let mut tried = 0;
        for _ in 0..1_000 {
            now = now.plus(LONGEST_WAIT);
            if let Some(reserved) = begin(known, now) {
                known = failed(reserved, now);
                tried += 1;
            }
        }
        assert_eq!(tried, MOST_FAILURES);
    }

    #[test]
    fn parallel_guesses_are_counted_before_they_are_hashed() {
        let mut known = Attempts::default();
        let mut begun = 0;
        while let Some(reserved) = begin(known, seconds(1)) {
            known = reserved;
            begun += 1;
        }
        assert_eq!(begun, MOST_PENDING);
        for _ in 0..begun {
            known = failed(known, seconds(2));
        }
        assert_eq!(known.failures, MOST_PENDING);
        assert!(begin(known, seconds(3)).is_none(), "now every guess waits");
    }

    #[test]
    fn attempts_of_a_process_that_died_count_as_failures() {
        let left = Attempts { pending: 5, changed_at: seconds(0), ..Attempts::default() };
        let reserved = begin(left, seconds(120)).unwrap();
        assert_eq!((reserved.failures, reserved.pending), (5, 1));
    }

    #[test]
    fn a_clock_that_ran_ahead_for_a_while_locks_nobody_out() {
        let ahead = Attempts { failures: 20, allowed_at: seconds(1_000_000_000), ..Attempts::default() };
        assert!(begin(ahead, seconds(60)).is_some());
    }

    #[test]
    fn success_forgets_failures() {
        let known = failed(begin(Attempts::default(), seconds(0)).unwrap(), seconds(0));
        let known = succeeded(begin(known, seconds(1)).unwrap(), seconds(1));
        assert_eq!((known.failures, known.pending, known.allowed_at), (0, 0, Timestamp::default()));
    }
}
