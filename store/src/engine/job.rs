//! Jobs: a caller's closure with the channel its result goes back on, its types erased.
//!
//! Running and answering are two steps, because between them lies the commit of the whole group.

use super::Driver;
use crate::{Error, Invalidation};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// Where a caller waits.
pub(crate) type Answer<T> = oneshot::Receiver<Result<T, Error>>;

/// A closure that waits for its transaction.
pub(crate) trait Job: Send {
    /// Runs the closure and keeps what it returns. May be called again after its effects were rolled back. A
    /// panic is an error like others.
    fn run(&mut self, driver: Driver<'_>) -> Result<Vec<Invalidation>, Error>;

    /// Hands the caller what the last run returned, or the error that came instead.
    fn answer(self: Box<Self>, verdict: Result<(), Error>);

    /// Whether nobody waits any more.
    fn is_abandoned(&self) -> bool;
}

/// Wraps a closure into a job, and the receiver of its result.
pub(crate) fn call<T, F>(work: F) -> (Box<dyn Job>, Answer<T>)
where
    F: FnMut(Driver<'_>) -> Result<(T, Vec<Invalidation>), Error> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Call { work, outcome: None, reply }), answer)
}

struct Call<T, F> {
    work: F,
    outcome: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Job for Call<T, F>
where
    F: FnMut(Driver<'_>) -> Result<(T, Vec<Invalidation>), Error> + Send,
    T: Send,
{
    fn run(&mut self, driver: Driver<'_>) -> Result<Vec<Invalidation>, Error> {
        // The transaction is rolled back after a panic, and a closure owns what it captured: nobody else can
        // see what it left half-done.
        let ran = catch_unwind(AssertUnwindSafe(|| (self.work)(driver)));
        let (outcome, stale) = ran.unwrap_or_else(|panic| Err(Error::Fault(words_of(&*panic))))?;
        self.outcome = Some(outcome);
        Ok(stale)
    }

    fn answer(self: Box<Self>, verdict: Result<(), Error>) {
        let Self { work, outcome, reply } = *self;
        // What the closure owns is gone when its caller goes on, and not at some moment after.
        drop(work);
        let never_ran = || Error::Fault("answered before it ran".to_owned());
        // A caller that went away has dropped the receiver; there is nobody left to tell.
        drop(reply.send(verdict.and_then(|()| outcome.ok_or_else(never_ran))));
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    format!("a transaction panicked: {}", words.unwrap_or("without a word"))
}
