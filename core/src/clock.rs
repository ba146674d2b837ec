//! The core's clock: the only source of time, so that tests decide it and it never runs backwards.

use doorward_model::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A clock that never runs backwards (P21: a clock that jumps back revives nothing). Clones share it.
#[derive(Clone, Debug)]
pub struct Clock {
    latest: Arc<AtomicI64>,
    is_manual: bool,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self { latest: Arc::new(AtomicI64::new(0)), is_manual: false }
    }

    /// A clock that stands still until it is moved, for tests.
    pub fn manual(start: Timestamp) -> Self {
        Self { latest: Arc::new(AtomicI64::new(start.micros())), is_manual: true }
    }

    /// This moment; never earlier than one told before.
    pub fn now(&self) -> Timestamp {
        if self.is_manual {
            return Timestamp::from_micros(self.latest.load(Ordering::SeqCst));
        }
        let machine = machine_micros();
        let before = self.latest.fetch_max(machine, Ordering::SeqCst);
        Timestamp::from_micros(machine.max(before))
    }

    /// Moves a manual clock forward; the machine's clock goes its own way.
    pub fn advance(&self, span: Duration) {
        if self.is_manual {
            let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
            self.latest.fetch_add(micros, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the core's clock")]
fn machine_micros() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_told_once_is_never_taken_back() {
        let clock = Clock::system();
        let future = clock.now().plus(Duration::from_secs(3600));
        clock.latest.store(future.micros(), Ordering::SeqCst);
        assert!(clock.now() >= future);
    }
}
