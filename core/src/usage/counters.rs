//! Numbers that go up where something is used, by what it is.
//!
//! They are shared: who is remembered for verifying keeps theirs, and a call costs one addition.

use doorward_model::{PoolId, TenantId, UseKind};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counters at once: as many keys, tokens, programs and ways in as verifying remembers, and some. One takes about 150 bytes.
const COUNTERS: usize = 131_072;
/// Locks. Whoever takes what waits holds each over some five hundred counters at most, which takes some ten microseconds; one
/// lock over all would have every sign-in and call with a key wait for milliseconds every two seconds.
const SHARDS: usize = 256;

/// Something that is counted, where.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Counted {
    pub(crate) pool: PoolId,
    pub(crate) tenant: TenantId,
    pub(crate) kind: UseKind,
    pub(crate) subject: Vec<u8>,
}

/// Uses that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub(crate) fn count(&self) {
        self.add(1);
    }

    pub(super) fn add(&self, uses: u64) {
        self.0.fetch_add(uses, Relaxed);
    }
}

type Shard = HashMap<Counted, Arc<Counter>>;

/// Every counter of this node.
pub(super) struct Counters {
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
    /// How many there are. Whoever comes at the same moment as another may find room for one too many.
    held: AtomicUsize,
}

impl Default for Counters {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { hasher: RandomState::new(), shards, held: AtomicUsize::new(0) }
    }
}

impl Counters {
    /// The counter of something; `None` where there is no room for another.
    pub(super) fn of(&self, of: Counted) -> Option<Arc<Counter>> {
        let mut shard = self.shard(&of)?;
        if let Some(known) = shard.get(&of) {
            return Some(Arc::clone(known));
        }
        if self.held.load(Relaxed) >= COUNTERS {
            return None;
        }
        self.held.fetch_add(1, Relaxed);
        let counter = Arc::new(Counter::default());
        shard.insert(of, Arc::clone(&counter));
        Some(counter)
    }

    /// Takes what was counted. Counters that nobody keeps are forgotten.
    pub(super) fn take(&self) -> Vec<(Counted, u64)> {
        let mut all = Vec::new();
        for shard in &self.shards {
            // Added to the others outside the lock: they are many, and may have to be laid elsewhere.
            let mut taken = take(&mut held(shard), &self.held);
            all.append(&mut taken);
        }
        all
    }

    fn shard(&self, of: &Counted) -> Option<MutexGuard<'_, Shard>> {
        let hash = self.hasher.hash_one(of);
        let shard = usize::try_from(hash % SHARDS as u64).ok().and_then(|index| self.shards.get(index))?;
        Some(held(shard))
    }
}

fn take(shard: &mut Shard, all: &AtomicUsize) -> Vec<(Counted, u64)> {
    let (mut taken, before) = (Vec::new(), shard.len());
    shard.retain(|of, counter| {
        let uses = counter.0.swap(0, Relaxed);
        if uses > 0 {
            taken.push((of.clone(), uses));
        }
        // Whoever takes a counter out holds this lock, so one that is alone stays alone.
        uses > 0 || Arc::strong_count(counter) > 1
    });
    all.fetch_sub(before - shard.len(), Relaxed);
    taken
}

/// What a panic left behind is at worst a use not counted.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn counted(n: usize) -> Counted {
        let (pool, tenant) = (PoolId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(1)));
        Counted { pool, tenant, kind: UseKind::Door, subject: n.to_be_bytes().to_vec() }
    }

    #[test]
    fn what_is_counted_is_taken_once_and_kept_counters_go_on() {
        let counters = Counters::default();
        let kept = counters.of(counted(1)).unwrap();
        kept.count();
        counters.of(counted(1)).unwrap().count();
        counters.of(counted(2)).unwrap().count();
        let mut taken = counters.take();
        taken.sort();
        assert_eq!(taken, [(counted(1), 2), (counted(2), 1)]);
        assert!(counters.take().is_empty());
        assert_eq!(counters.held.load(Relaxed), 1, "only who is kept is");
        kept.count();
        assert_eq!(counters.take(), [(counted(1), 1)]);
    }

    #[test]
    fn a_full_house_has_room_again_and_no_lock_is_over_many() {
        let counters = Counters::default();
        for n in 0..COUNTERS {
            counters.of(counted(n)).unwrap().count();
        }
        assert!(counters.of(counted(COUNTERS)).is_none() && counters.of(counted(0)).is_some());
        let most = counters.shards.iter().map(|shard| held(shard).len()).max().unwrap();
        assert!(most <= 2 * COUNTERS / SHARDS, "{most} wait behind one lock");
        assert_eq!(counters.take().len(), COUNTERS);
        assert!(counters.take().is_empty());
        assert!(counters.of(counted(COUNTERS)).is_some());
    }
}
