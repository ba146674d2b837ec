//! One job of the queue: what to compute, and who waits for the answer.
//!
//! A caller who goes away frees nothing. Memory belongs to the threads, and a hash that runs, runs to its end, so
//! hanging up cannot raise the number of hashes in flight (P18). A job that still waits keeps its place until its turn
//! comes, so hanging up cannot be used to jump or to refill the list either; only then is it dropped unhashed: nobody
//! would learn the answer, the attempt was counted before it was queued, and hashing it would be work for nobody.

use super::HashRefused;
use crate::password::Arena;
use crate::password::hasher::Hasher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// What a hashing thread does with a job.
pub(super) trait Task: Send {
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;

    /// Computes and answers. Dropping a task instead tells its caller that the queue stopped.
    fn run(self: Box<Self>, hasher: &Hasher, arena: &mut Arena);
}

/// A computation and the way back to its caller.
pub(super) struct Ordered<T, W> {
    work: W,
    answer: oneshot::Sender<Result<T, HashRefused>>,
}

impl<T, W> Ordered<T, W> {
    /// The job, and where its answer arrives.
    pub(super) fn new(work: W) -> (Self, oneshot::Receiver<Result<T, HashRefused>>) {
        let (answer, answered) = oneshot::channel();
        (Self { work, answer }, answered)
    }
}

impl<T, W> Task for Ordered<T, W>
where
    T: Send,
    W: FnOnce(&Hasher, &mut Arena) -> Result<T, HashRefused> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn run(self: Box<Self>, hasher: &Hasher, arena: &mut Arena) {
        let Self { work, answer } = *self;
        // A panic must not take the thread with it: the server would lose a permit for good.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(hasher, arena))).unwrap_or_else(|_| {
            arena.release();
            Err(HashRefused::Broken("a password hash panicked".to_owned()))
        });
        // The caller may have gone while it ran; the answer is nobody's then.
        drop(answer.send(outcome));
    }
}
