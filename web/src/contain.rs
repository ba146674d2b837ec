//! Keeps a panic inside the request that caused it (P19).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The future panicked. The panic hook has already written where.
#[derive(Debug)]
pub struct Panicked;

/// Runs a future to its end or its panic. Doors and the house are contained already.
pub fn contain<T>(
    future: impl Future<Output = T> + Send,
) -> impl Future<Output = Result<T, Panicked>> + Send {
    Contained(Box::pin(future))
}

struct Contained<F>(Pin<Box<F>>);

impl<F: Future> Future for Contained<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Unwind safety: the future is never polled again, and what it shares is guarded by locks that can poison.
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    }
}
