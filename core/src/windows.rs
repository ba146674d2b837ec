//! Sliding windows: at most N calls in any window of W, exact at the edge, in memory and per node.
//!
//! The moments of the calls that passed are kept, so nothing is rounded and a refused call costs its caller nothing.
//! A call exactly W after an earlier one does not share a window with it. Start with [`Windows::admit`].

use crate::{Clock, Error};
use doorward_model::{AccessKeyId, RateLimit, Timestamp};
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Wrong or unknown key pairs from one address: as many as a key of its own would allow (dialects: "25 in 5 s too").
pub(crate) const STRANGERS: RateLimit = RateLimit { calls: 25, window: Duration::from_secs(5) };

/// Locks, so that calls with different keys rarely wait for each other. A power of two spreads hashes evenly.
const SHARDS: usize = 16;

/// Windows of one shard. 16 × 4,096 windows of 25 calls are 13 MB; beyond, the one that empties first is forgotten.
const WINDOWS_PER_SHARD: usize = 4_096;

/// Every window of this node.
pub(crate) struct CallWindows {
    /// Calls with the right secret, by key.
    pub(crate) keys: Windows<AccessKeyId>,
    /// Calls with a wrong or unknown pair, by address. Apart, so that no flood of addresses makes a key's forgotten.
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
struct Window {
    passed: VecDeque<Timestamp>,
    empty_at: Timestamp,
}

impl CallWindows {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self { keys: Windows::new(clock.clone()), strangers: Windows::new(clock.clone()) }
    }
}

impl<K: Hash + Eq + Clone> Windows<K> {
    fn new(clock: Clock) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { clock, hasher: RandomState::new(), shards }
    }

    /// Lets a call pass and counts it, or says when the next one would.
    pub(crate) fn admit(&self, key: K, limit: RateLimit) -> Result<(), Full> {
        let hash = self.hasher.hash_one(&key);
        let shard = usize::try_from(hash % SHARDS as u64).ok().and_then(|index| self.shards.get(index));
        let Some(shard) = shard else { return Ok(()) };
        // What a panic left behind is at worst a call not counted.
        let mut windows = shard.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that the moments of a window are in order.
        let now = self.clock.now();
        make_room(&mut windows, &key, now);
        windows.entry(key).or_default().admit(limit, now)
    }
}

impl Window {
    fn admit(&mut self, limit: RateLimit, now: Timestamp) -> Result<(), Full> {
        while self.passed.front().is_some_and(|oldest| now.since(*oldest) >= limit.window) {
            self.passed.pop_front();
        }
        let calls = usize::try_from(limit.calls).unwrap_or(usize::MAX);
        if self.passed.len() >= calls {
            // A limit that was lowered meanwhile may need more than the oldest call to leave.
            let leaves = self.passed.get(self.passed.len() - calls).copied().unwrap_or(now);
            return Err(Full { limit, retry_after: leaves.plus(limit.window).since(now) });
        }
        self.passed.push_back(now);
        self.empty_at = now.plus(limit.window);
        Ok(())
    }
}

/// Keeps a shard within its bound: first the empty windows go, then the one that empties first.
fn make_room<K: Hash + Eq + Clone>(windows: &mut HashMap<K, Window>, key: &K, now: Timestamp) {
    if windows.len() < WINDOWS_PER_SHARD || windows.contains_key(key) {
        return;
    }
    windows.retain(|_, window| now < window.empty_at);
    if windows.len() < WINDOWS_PER_SHARD {
        return;
    }
    let first = windows.iter().min_by_key(|(_, window)| window.empty_at).map(|(key, _)| key.clone());
    if let Some(first) = first {
        windows.remove(&first);
    }
}

impl From<Full> for Error {
    fn from(full: Full) -> Self {
        Self::RateLimited { limit: full.limit, retry_after: full.retry_after }
    }
}
