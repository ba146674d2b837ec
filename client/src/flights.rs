//! One question for all who ask the same at the same time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Questions under way.
pub(crate) struct Flights<K, V>(Mutex<HashMap<K, watch::Receiver<Option<V>>>>);

impl<K, V> Flights<K, V>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// The outcome of the question under way for `key`, or else of `ask`. It runs as a task of its own, so that nobody
    /// loses it who waits beside a caller that hangs up. `None` if it broke down.
    pub(crate) async fn join<F>(self: &Arc<Self>, key: K, ask: impl FnOnce() -> F) -> Option<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut outcome = self.board(key, ask);
        outcome.wait_for(Option::is_some).await.ok().and_then(|told| told.clone())
    }

    fn board<F>(self: &Arc<Self>, key: K, ask: impl FnOnce() -> F) -> watch::Receiver<Option<V>>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(under_way) = flights.get(&key) {
            return under_way.clone();
        }
        let (tell, outcome) = watch::channel(None);
        flights.insert(key.clone(), outcome.clone());
        let landing = Landing { flights: Arc::clone(self), key };
        let question = ask();
        tokio::spawn(async move {
            let told = question.await;
            drop(landing);
            // Everybody may have hung up meanwhile.
            let _nobody_waits = tell.send(Some(told));
        });
        outcome
    }
}

/// Takes a question off the list, also when its task breaks down.
struct Landing<K: Eq + Hash, V> {
    flights: Arc<Flights<K, V>>,
    key: K,
}

impl<K: Eq + Hash, V> Drop for Landing<K, V> {
    fn drop(&mut self) {
        self.flights.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn who_asks_the_same_at_the_same_time_shares_one_answer() {
        let flights = Arc::new(Flights::new());
        let asked = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let asked = Arc::clone(&asked);
            || async move {
                tokio::task::yield_now().await;
                asked.fetch_add(1, Ordering::SeqCst)
            }
        };
        let (first, second, other) =
            tokio::join!(flights.join("a", ask()), flights.join("a", ask()), flights.join("b", ask()));
        assert!(first.is_some() && first == second && other.is_some() && first != other);
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        assert_eq!(flights.join("a", ask()).await, Some(2), "and later it is asked anew");
    }

    #[tokio::test]
    async fn who_hangs_up_takes_nobody_elses_answer_and_a_breakdown_blocks_nobody() {
        let flights = Arc::new(Flights::new());
        let first = flights.board("a", || async { 1 });
        drop(first);
        assert_eq!(flights.join("a", || async { 2 }).await, Some(1), "it was under way");
        let broken = flights.join("a", || async { panic!("on purpose") }).await;
        assert_eq!(broken, None);
        assert_eq!(flights.join("a", || async { 3 }).await, Some(3));
    }
}
