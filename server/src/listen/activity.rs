//! Whether a connection is being used: requests in progress, and since when there is none.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The requests of one connection.
#[derive(Debug)]
pub(super) struct Activity {
    opened: Instant,
    in_progress: AtomicUsize,
    /// Milliseconds after `opened`.
    last_end: AtomicU64,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self { opened: Instant::now(), in_progress: AtomicUsize::new(0), last_end: AtomicU64::new(0) }
    }

    /// A request begins; it ends when the returned guard is dropped.
    pub(super) fn begin(&self) -> InProgress<'_> {
        self.in_progress.fetch_add(1, Ordering::SeqCst);
        InProgress(self)
    }

    /// Resolves once no request was in progress for `span`, counted from now or the last request's end. Sleeps from
    /// deadline to deadline, so a busy connection costs one wake-up per `span`.
    pub(super) async fn idle_for(&self, span: Duration) {
        let from = Instant::now();
        loop {
            let now = Instant::now();
            let since =
                if self.in_progress.load(Ordering::SeqCst) > 0 { now } else { self.idle_since().max(from) };
            let deadline = since + span;
            if deadline <= now && since < now {
                return;
            }
            sleep_until(deadline).await;
        }
    }

    fn idle_since(&self) -> Instant {
        self.opened + Duration::from_millis(self.last_end.load(Ordering::SeqCst))
    }
}

/// A request in progress.
#[derive(Debug)]
pub(super) struct InProgress<'a>(&'a Activity);

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        // The time goes first: whoever then reads a count of zero must not see the end of an earlier request.
        let elapsed = u64::try_from(self.0.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last_end.fetch_max(elapsed, Ordering::SeqCst);
        self.0.in_progress.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_secs(20);

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_request_is_idle_after_the_span() {
        let activity = Activity::new();
        let begin = Instant::now();
        activity.idle_for(SPAN).await;
        assert_eq!(begin.elapsed(), SPAN);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_keeps_it_busy_and_its_end_begins_the_span_anew() {
        let activity = Activity::new();
        let begin = Instant::now();
        let request = activity.begin();
        let ending = async {
            tokio::time::sleep(Duration::from_secs(33)).await;
            drop(request);
        };
        tokio::join!(activity.idle_for(SPAN), ending);
        assert_eq!(begin.elapsed(), Duration::from_secs(53));
    }
}
