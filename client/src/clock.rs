//! What time it is, so that tests decide it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock; clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Machine {
        start: Instant,
    },
    /// Milliseconds since 1970.
    Manual(Arc<AtomicU64>),
}

/// One reading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Since 1970, as the machine believes; what others wrote down is compared with it.
    pub(crate) unix: Duration,
    /// Since some start; nobody sets it, so spans are measured with it.
    pub(crate) steady: Duration,
}

impl Clock {
    /// The machine's clock.
    pub fn machine() -> Self {
        Self(Source::Machine { start: Instant::now() })
    }

    /// A clock that stands still until it is moved, for tests.
    pub fn manual(start: SystemTime) -> Self {
        Self(Source::Manual(Arc::new(AtomicU64::new(millis(since_1970(start))))))
    }

    /// Moves a manual clock forward; the machine's clock goes its own way.
    pub fn advance(&self, span: Duration) {
        match &self.0 {
            Source::Manual(now) => {
                now.fetch_add(millis(span), Ordering::SeqCst);
            }
            Source::Machine { .. } => {}
        }
    }

    pub(crate) fn now(&self) -> Moment {
        match &self.0 {
            Source::Machine { start } => Moment { unix: since_1970(machine()), steady: start.elapsed() },
            Source::Manual(now) => {
                let now = Duration::from_millis(now.load(Ordering::SeqCst));
                Moment { unix: now, steady: now }
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the client's clock")]
fn machine() -> SystemTime {
    SystemTime::now()
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
