//! When something remembered was last used, as far as it is written down: once a minute is enough.

use doorward_model::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Microseconds; the least number where it never was.
pub(super) struct LastUse(AtomicI64);

impl LastUse {
    pub(super) fn written(at: Option<Timestamp>) -> Self {
        Self(AtomicI64::new(at.map_or(i64::MIN, Timestamp::micros)))
    }

    /// Whether a use now must be written down; of many who ask at once, one is told so.
    pub(super) fn falls_due(&self, now: Timestamp, every: Duration) -> bool {
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
        for used in [LastUse::written(None), LastUse::written(Some(start.minus(MINUTE)))] {
            assert!(used.falls_due(start, MINUTE));
            assert!(!used.falls_due(start, MINUTE));
            assert!(!used.falls_due(start.plus(MINUTE - Duration::from_micros(1)), MINUTE));
            assert!(used.falls_due(start.plus(MINUTE), MINUTE));
        }
        assert!(!LastUse::written(Some(start)).falls_due(start, MINUTE));
    }
}
