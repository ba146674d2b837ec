//! When something was done last that is done now and then only: a use that is noted, a line that is logged.

use doorward_model::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Microseconds; the least number where it never was.
#[derive(Debug)]
pub(crate) struct LastTime(AtomicI64);

impl LastTime {
    /// As it is written down; `None` where it never was.
    pub(crate) fn written(at: Option<Timestamp>) -> Self {
        Self(AtomicI64::new(at.map_or(i64::MIN, Timestamp::micros)))
    }

    /// Whether it must be done now; of many who ask at once, one is told so.
    pub(crate) fn falls_due(&self, now: Timestamp, every: Duration) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        let is_fresh = last != i64::MIN && now.since(Timestamp::from_micros(last)) < every;
        !is_fresh && self.0.compare_exchange(last, now.micros(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_use_falls_due_once_a_minute() {
        let start = Timestamp::from_micros(0);
        for used in [LastTime::written(None), LastTime::written(Some(start.minus(MINUTE)))] {
            assert!(used.falls_due(start, MINUTE));
            assert!(!used.falls_due(start, MINUTE));
            assert!(!used.falls_due(start.plus(MINUTE - Duration::from_micros(1)), MINUTE));
            assert!(used.falls_due(start.plus(MINUTE), MINUTE));
        }
        assert!(!LastTime::written(Some(start)).falls_due(start, MINUTE));
    }
}
