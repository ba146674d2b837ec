//! Sliding windows: at most N calls in any window of W, exact at the edge, in memory and per node.
//!
//! The moments of the calls that passed are kept, so nothing is rounded and a refused call costs its caller nothing.
//! A call exactly W after an earlier one does not share a window with it. Start with [`Windows::admit`]. What several nodes
//! count together is `shared_window.rs`.

use crate::{Clock, Error};
use doorward_model::{AccessKeyId, AccessKeyName, RateLimit, Timestamp};
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Wrong or unknown key pairs and tokens from one address: as many as a key of its own would allow (dialects: "25 in 5 s
/// too").
pub(crate) const STRANGERS: RateLimit = RateLimit { calls: 25, window: Duration::from_secs(5) };

/// Locks, so that calls with different keys rarely wait for each other. A power of two spreads hashes evenly.
const SHARDS: usize = 16;

/// Windows of one shard. 16 × 4,096 windows of 25 calls are 13 MB; beyond, those that empty first are forgotten.
const WINDOWS_PER_SHARD: usize = 4_096;

/// Every window of this node.
pub(crate) struct CallWindows {
    /// Calls with the right secret, by key.
    pub(crate) keys: Windows<AccessKeyId>,
    /// Calls with the right secret of keys that live in another cell, by their names: how those count is that cell's word, so
    /// they never share a window with a key of ours.
    pub(crate) abroad: Windows<AccessKeyName>,
    /// Calls with a wrong or unknown pair or token, by address. Apart, so that no flood of addresses makes a key's forgotten.
    pub(crate) strangers: Windows<String>,
}

/// Windows by what they count.
pub(crate) struct Windows<K> {
    clock: Clock,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<K, Window>>>,
}

/// The window is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    limit: RateLimit,
    retry_after: Duration,
}

/// The calls that passed and may still count, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Window {
    passed: VecDeque<Timestamp>,
    empty_at: Timestamp,
}

/// A call that passed, to be taken back if it is refused elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Passed(Timestamp);

impl CallWindows {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            keys: Windows::new(clock.clone()),
            abroad: Windows::new(clock.clone()),
            strangers: Windows::new(clock.clone()),
        }
    }
}

impl<K: Hash + Eq> Windows<K> {
    fn new(clock: Clock) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { clock, hasher: RandomState::new(), shards }
    }

    /// Lets a call pass and counts it, or says when the next one would.
    pub(crate) fn admit(&self, key: K, limit: RateLimit) -> Result<Passed, Full> {
        // Under the lock, so that the moments of a window are in order.
        let mut windows = self.shard(&key);
        let now = self.clock.now();
        if let Some(windows) = &mut windows {
            make_room(windows, &key, now);
            windows.entry(key).or_default().admit(limit, now)?;
        }
        Ok(Passed(now))
    }

    /// Counts a call no more: it was refused elsewhere, and a refused call costs nothing.
    pub(crate) fn take_back(&self, key: &K, call: Passed) {
        if let Some(window) = self.shard(key).as_mut().and_then(|windows| windows.get_mut(key)) {
            window.take_back(call.0);
        }
    }

    /// Whether a call would pass, or when the next one would; counts nothing.
    pub(crate) fn room(&self, key: &K, limit: RateLimit) -> Result<(), Full> {
        let Some(mut windows) = self.shard(key) else { return Ok(()) };
        let now = self.clock.now();
        windows.get_mut(key).unwrap_or(&mut Window::default()).room(limit, now)
    }

    fn shard(&self, key: &K) -> Option<MutexGuard<'_, HashMap<K, Window>>> {
        let hash = self.hasher.hash_one(key);
        let shard = usize::try_from(hash % SHARDS as u64).ok().and_then(|index| self.shards.get(index))?;
        // What a panic left behind is at worst a call not counted.
        Some(shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Window {
    /// One of which these calls passed, oldest first.
    pub(crate) fn of(passed: Vec<Timestamp>) -> Self {
        let empty_at = passed.last().copied().unwrap_or_default();
        Self { passed: passed.into(), empty_at }
    }

    /// The latest call that passed.
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        self.passed.back().copied()
    }

    /// The calls that passed and may still count, oldest first, and until when.
    pub(crate) fn calls(&self) -> (impl Iterator<Item = Timestamp>, Timestamp) {
        (self.passed.iter().copied(), self.empty_at)
    }

    pub(crate) fn admit(&mut self, limit: RateLimit, now: Timestamp) -> Result<(), Full> {
        self.room(limit, now)?;
        self.passed.push_back(now);
        self.empty_at = now.plus(limit.window);
        Ok(())
    }

    fn take_back(&mut self, call: Timestamp) {
        if let Some(at) = self.passed.iter().rposition(|passed| *passed == call) {
            self.passed.remove(at);
        }
    }

    fn room(&mut self, limit: RateLimit, now: Timestamp) -> Result<(), Full> {
        while self.passed.front().is_some_and(|oldest| now.since(*oldest) >= limit.window) {
            self.passed.pop_front();
        }
        let calls = usize::try_from(limit.calls).unwrap_or(usize::MAX);
        if self.passed.len() >= calls {
            // A limit that was lowered meanwhile may need more than the oldest call to leave.
            let leaves = self.passed.get(self.passed.len() - calls).copied().unwrap_or(now);
            return Err(Full { limit, retry_after: leaves.plus(limit.window).since(now) });
        }
        Ok(())
    }
}

/// Keeps a shard within its bound: first the empty windows go, then the quarter that empties first, so that a flood of
/// new callers pays for one pass over the shard only now and then.
fn make_room<K: Hash + Eq>(windows: &mut HashMap<K, Window>, key: &K, now: Timestamp) {
    if windows.len() < WINDOWS_PER_SHARD || windows.contains_key(key) {
        return;
    }
    windows.retain(|_, window| now < window.empty_at);
    if windows.len() < WINDOWS_PER_SHARD {
        return;
    }
    let mut ends: Vec<Timestamp> = windows.values().map(|window| window.empty_at).collect();
    let (_, last_to_go, _) = ends.select_nth_unstable(WINDOWS_PER_SHARD / 4);
    windows.retain(|_, window| *last_to_go < window.empty_at);
}

impl From<Full> for Error {
    fn from(full: Full) -> Self {
        Self::RateLimited { limit: full.limit, retry_after: full.retry_after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn windows() -> (Clock, Windows<u64>) {
        let clock = Clock::manual(START);
        (clock.clone(), Windows::new(clock))
    }

    proptest! {
        /// Against the definition, read naively: a call passes if fewer than N calls passed in the W before it.
        #[test]
        fn a_call_passes_exactly_when_its_window_has_room(
            calls in 0_u32..6,
            window in 1_u64..50,
            pauses in prop::collection::vec(0_u64..20, 0..200),
        ) {
            let (clock, windows) = windows();
            let limit = RateLimit { calls, window: Duration::from_micros(window) };
            let mut passed: Vec<Timestamp> = Vec::new();
            for pause in pauses {
                clock.advance(Duration::from_micros(pause));
                let now = clock.now();
                let within = passed.iter().filter(|at| now.since(**at) < limit.window).count();
                let would = windows.room(&7, limit);
                let outcome = windows.admit(7, limit);
                prop_assert_eq!(would, outcome.map(|_passed| ()));
                prop_assert_eq!(outcome.is_ok(), within < calls as usize);
                if outcome.is_ok() {
                    passed.push(now);
                }
            }
        }

        #[test]
        fn waiting_as_told_is_enough_and_a_microsecond_less_is_not(
            calls in 1_u32..6,
            pauses in prop::collection::vec(0_u64..20, 0..50),
        ) {
            let (clock, windows) = windows();
            let limit = RateLimit { calls, window: Duration::from_micros(30) };
            for pause in pauses {
                clock.advance(Duration::from_micros(pause));
                let Err(full) = windows.admit(7, limit) else { continue };
                clock.advance(full.retry_after - Duration::from_micros(1));
                prop_assert!(windows.admit(7, limit).is_err());
                clock.advance(Duration::from_micros(1));
                prop_assert!(windows.admit(7, limit).is_ok());
            }
        }
    }

    #[test]
    fn a_lowered_limit_counts_the_calls_that_passed_under_the_higher_one() {
        let (clock, windows) = windows();
        let limit = |calls| RateLimit { calls, window: Duration::from_secs(5) };
        for _ in 0..3 {
            assert!(windows.admit(7, limit(3)).is_ok());
            clock.advance(Duration::from_secs(1));
        }
        let full = windows.admit(7, limit(1)).unwrap_err();
        assert_eq!(full.retry_after, Duration::from_secs(4));
        clock.advance(full.retry_after);
        assert!(windows.admit(7, limit(1)).is_ok());
    }

    #[test]
    fn a_call_that_is_taken_back_leaves_its_room() {
        let (clock, windows) = windows();
        let limit = RateLimit { calls: 2, window: Duration::from_secs(5) };
        let first = windows.admit(7, limit).unwrap();
        clock.advance(Duration::from_secs(1));
        assert!(windows.admit(7, limit).is_ok());
        windows.take_back(&7, first);
        assert!(windows.admit(7, limit).is_ok());
        assert_eq!(windows.admit(7, limit).unwrap_err().retry_after, Duration::from_secs(5));
        windows.take_back(&8, first);
    }

    #[test]
    fn windows_are_bounded_and_those_that_empty_first_are_forgotten() {
        let (clock, windows) = windows();
        let limit = RateLimit { calls: 1, window: Duration::from_secs(5) };
        let bound = SHARDS * WINDOWS_PER_SHARD;
        let youngest = (bound + bound / 4) as u64;
        for key in 0..=youngest {
            clock.advance(Duration::from_micros(1));
            assert!(windows.admit(key, limit).is_ok());
        }
        let held: usize = windows.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert!(held <= bound, "{held}");
        assert!(windows.admit(youngest, limit).is_err(), "the youngest is kept");
        assert!(windows.admit(0, limit).is_ok(), "the oldest is forgotten");
    }

    #[test]
    fn parallel_calls_share_one_window() {
        let (_, windows) = windows();
        let limit = RateLimit { calls: 25, window: Duration::from_secs(5) };
        let passed: usize = std::thread::scope(|scope| {
            let ask = || (0..100).filter(|_| windows.admit(7, limit).is_ok()).count();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(passed, 25);
    }
}
