//! Single flight: what is not remembered, or does not hold any more, is read once for all who ask for it meanwhile.

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

/// What a reader knows of the place it reads for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Before {
    /// Nothing was remembered there.
    Nothing,
    /// Something that does not hold any more.
    Stale,
}

/// What is remembered under `key` while it `holds`; else what `read` finds, which is remembered then. An error is told to
/// the one who read; who waited reads for themselves. While nothing is to be believed (`is_current`), everybody reads, and
/// nobody waits for another.
///
/// Somebody may have begun to read before something was revoked that ended before we asked: what they found is looked at
/// like any other entry, and read again where it does not hold.
pub(super) async fn once<K, V, W, H, E>(
    place: &Cache<K, Arc<V>, W, H>,
    key: &K,
    is_current: bool,
    holds: impl Fn(&V) -> bool,
    read: impl AsyncFnOnce(Before) -> Result<Arc<V>, E>,
) -> Result<Arc<V>, E>
where
    K: Hash + Eq + Clone,
    W: Weighter<K, Arc<V>> + Clone,
    H: BuildHasher + Clone,
{
    if !is_current {
        let before = if place.get(key).is_some() { Before::Stale } else { Before::Nothing };
        return read(before).await;
    }
    let mut before = Before::Nothing;
    loop {
        match place.get_value_or_guard_async(key).await {
            Ok(held) if holds(&held) => return Ok(held),
            Ok(stale) => {
                before = Before::Stale;
                drop(place.remove_if(key, |held| Arc::ptr_eq(held, &stale)));
            }
            Err(guard) => {
                let found = read(before).await?;
                // Where the place was taken meanwhile, somebody read the same.
                drop(guard.insert(Arc::clone(&found)));
                return Ok(found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::sync::Notify;
    use tokio::task::JoinSet;

    const KEY: u8 = 7;
    const ASKERS: u32 = 20;

    /// A place, how often it was read for, and a door that readers wait at.
    struct Stage {
        place: Cache<u8, Arc<u32>>,
        reads: AtomicU32,
        waiting: Notify,
        open: Notify,
    }

    fn stage() -> Arc<Stage> {
        Arc::new(Stage {
            place: Cache::new(10),
            reads: AtomicU32::new(0),
            waiting: Notify::new(),
            open: Notify::new(),
        })
    }

    impl Stage {
        /// Asks for a number of at least `least`; a reader finds `found`, once it is let through.
        async fn ask(&self, least: u32, found: Result<u32, Before>) -> Result<Arc<u32>, Before> {
            once(
                &self.place,
                &KEY,
                true,
                |held| *held >= least,
                async |before| {
                    self.reads.fetch_add(1, Ordering::Relaxed);
                    self.waiting.notify_one();
                    self.open.notified().await;
                    found.map(Arc::new).map_err(|_| before)
                },
            )
            .await
        }
    }

    /// All of them ask, and the first goes on when all others wait for it: the runtime has one thread, and what was
    /// spawned before is polled before.
    async fn all_ask(stage: &Arc<Stage>) -> Vec<u32> {
        let mut askers = JoinSet::new();
        for _ in 0..ASKERS {
            let stage = Arc::clone(stage);
            askers.spawn(async move { stage.ask(2, Ok(2)).await.map(|found| *found) });
        }
        stage.waiting.notified().await;
        for _ in 0..ASKERS {
            tokio::task::yield_now().await;
        }
        stage.open.notify_one();
        askers.join_all().await.into_iter().map(Result::unwrap).collect()
    }

    #[tokio::test]
    async fn what_is_not_remembered_is_read_once_for_all_who_ask() {
        let stage = stage();
        assert_eq!(all_ask(&stage).await, vec![2; 20]);
        assert_eq!(stage.reads.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_does_not_hold_any_more_is_read_once_for_all_who_ask() {
        let stage = stage();
        stage.place.insert(KEY, Arc::new(1));
        assert_eq!(all_ask(&stage).await, vec![2; 20]);
        assert_eq!(stage.reads.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn who_waited_for_a_reading_that_does_not_hold_reads_for_themselves() {
        let stage = stage();
        let early = tokio::spawn({
            let stage = Arc::clone(&stage);
            async move { stage.ask(1, Ok(1)).await.map(|found| *found) }
        });
        stage.waiting.notified().await;
        // Something was revoked meanwhile: one is not enough for who asks now.
        let late = tokio::spawn({
            let stage = Arc::clone(&stage);
            async move { stage.ask(2, Ok(2)).await.map(|found| *found) }
        });
        tokio::task::yield_now().await;
        stage.open.notify_one();
        assert_eq!(early.await.unwrap(), Ok(1));
        stage.waiting.notified().await;
        stage.open.notify_one();
        assert_eq!(late.await.unwrap(), Ok(2));
    }

    #[tokio::test]
    async fn a_reader_knows_whether_something_was_remembered_and_leaves_nothing_where_it_found_nothing() {
        let stage = stage();
        for before in [Before::Nothing, Before::Stale] {
            stage.open.notify_one();
            assert_eq!(stage.ask(2, Err(before)).await, Err(before));
            assert!(stage.place.get(&KEY).is_none());
            stage.place.insert(KEY, Arc::new(1));
        }
        let held =
            once(&stage.place, &KEY, true, |_| true, async |_| -> Result<_, Infallible> { Ok(Arc::new(9)) });
        assert_eq!(held.await.map(|found| *found), Ok(1));
    }

    #[tokio::test]
    async fn while_nothing_is_to_be_believed_everybody_reads_and_nobody_waits() {
        let stage = stage();
        for known in [0, 1] {
            let ask = || {
                let read = async |before| -> Result<_, Infallible> {
                    Ok(Arc::new(u32::from(before == Before::Stale)))
                };
                once(&stage.place, &KEY, false, |_| true, read)
            };
            let (one, other) = tokio::join!(ask(), ask());
            assert_eq!((*one.unwrap(), *other.unwrap()), (known, known));
            stage.place.insert(KEY, Arc::new(7));
        }
    }
}
