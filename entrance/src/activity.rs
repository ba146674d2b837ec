//! Whether a connection is being used: requests in progress, since when there is none, and since when the next one's head
//! has been arriving.
//!
//! Ours, and not the HTTP library's timer, which is made, armed and taken down for each request: that costs more than
//! parsing the head.

use http::Version;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The requests of one connection.
#[derive(Debug)]
pub(crate) struct Activity {
    opened: Instant,
    in_progress: AtomicUsize,
    /// Milliseconds after `opened`.
    last_end: AtomicU64,
    /// Milliseconds after `opened`, and one: when the first byte of a head arrived that is not whole yet; 0 where none did.
    heard: AtomicU64,
    /// Whether it speaks HTTP/2, whose bytes are not all of requests.
    is_multiplexed: AtomicBool,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self {
            opened: Instant::now(),
            in_progress: AtomicUsize::new(0),
            last_end: AtomicU64::new(0),
            heard: AtomicU64::new(0),
            is_multiplexed: AtomicBool::new(false),
        }
    }

    /// A request begins; it ends when the returned guard is dropped.
    pub(crate) fn begin(&self, version: Version) -> InProgress<'_> {
        self.in_progress.fetch_add(1, Ordering::SeqCst);
        self.heard.store(0, Ordering::SeqCst);
        if version == Version::HTTP_2 {
            self.is_multiplexed.store(true, Ordering::SeqCst);
        }
        InProgress(self)
    }

    /// Resolves once no request was in progress for `span`, counted from now or the last request's end. Sleeps from
    /// deadline to deadline, so a busy connection costs one wake-up per `span`.
    pub(crate) async fn idle_for(&self, span: Duration) {
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

    /// A piece of an answer was made, because what was made before it is on its way.
    pub(crate) fn used(&self) {
        self.last_end.fetch_max(self.elapsed(), Ordering::SeqCst);
    }

    /// Bytes arrived.
    pub(crate) fn hear(&self) {
        let is_head =
            self.in_progress.load(Ordering::SeqCst) == 0 && !self.is_multiplexed.load(Ordering::SeqCst);
        if is_head && self.heard.load(Ordering::SeqCst) == 0 {
            self.heard.store(self.elapsed() + 1, Ordering::SeqCst);
        }
    }

    /// Resolves once a head has been arriving for `span`.
    pub(crate) async fn head_late(&self, span: Duration) {
        loop {
            let now = Instant::now();
            let heard = self.heard.load(Ordering::SeqCst).checked_sub(1);
            let since = heard.map_or(now, |millis| self.opened + Duration::from_millis(millis));
            if heard.is_some() && since + span <= now {
                return;
            }
            sleep_until(since + span).await;
        }
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX - 1)
    }

    fn idle_since(&self) -> Instant {
        self.opened + Duration::from_millis(self.last_end.load(Ordering::SeqCst))
    }
}

/// A request in progress.
#[derive(Debug)]
pub(crate) struct InProgress<'a>(&'a Activity);

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        // The time goes first: whoever then reads a count of zero must not see the end of an earlier request.
        self.0.last_end.fetch_max(self.0.elapsed(), Ordering::SeqCst);
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
        let request = activity.begin(Version::HTTP_11);
        let ending = async {
            tokio::time::sleep(Duration::from_secs(33)).await;
            drop(request);
        };
        tokio::join!(activity.idle_for(SPAN), ending);
        assert_eq!(begin.elapsed(), Duration::from_secs(53));
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_is_late_a_span_after_its_first_byte_and_not_once_it_is_whole() {
        let activity = Activity::new();
        let begin = Instant::now();
        let arriving = async {
            tokio::time::sleep(Duration::from_secs(7)).await;
            activity.hear();
            tokio::time::sleep(Duration::from_secs(5)).await;
            drop(activity.begin(Version::HTTP_11));
            tokio::time::sleep(Duration::from_secs(5)).await;
            activity.hear();
            tokio::time::sleep(Duration::from_secs(5)).await;
            activity.hear();
        };
        tokio::join!(activity.head_late(SPAN), arriving);
        assert_eq!(begin.elapsed(), Duration::from_secs(17) + SPAN);
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_http_2_connection_says_besides_requests_is_no_late_head() {
        let activity = Activity::new();
        drop(activity.begin(Version::HTTP_2));
        activity.hear();
        let late = tokio::time::timeout(SPAN * 3, activity.head_late(SPAN)).await;
        assert!(late.is_err());
    }
}
