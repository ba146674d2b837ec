//! Refused requests between cells: all are counted, and a reason is logged once a minute for each cell they claim to come from.
//! Anybody can send such requests, and what one costs must not grow with how many there are.

use super::signature::Refused;
use doorward_model::{RegionCode, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often the same is logged.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Who a request claims to come from: a listed cell; `None` for anybody else. Never a name that a stranger chose, so there
/// are few of them.
type Claimed = Option<RegionCode>;

/// What was refused since the start.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<(Claimed, &'static str), Refusal>>);

#[derive(Debug, Default)]
struct Refusal {
    count: u64,
    unsaid: u64,
    said_at: Option<Timestamp>,
}

impl Refusals {
    /// Counts a refusal. If it is to be logged, how many like it were not since the last one that was.
    pub(super) fn note(&self, claimed: Claimed, refused: Refused, now: Timestamp) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let refusal = all.entry((claimed, refused.word())).or_default();
        refusal.count += 1;
        if refusal.said_at.is_some_and(|said| now.since(said) < SAID_EVERY) {
            refusal.unsaid += 1;
            return None;
        }
        refusal.said_at = Some(now);
        Some(std::mem::take(&mut refusal.unsaid))
    }

    /// How many there were, by claimed cell and reason.
    pub(crate) fn counts(&self) -> Vec<(Claimed, &'static str, u64)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|((claimed, word), refusal)| (claimed.clone(), *word, refusal.count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_one_a_minute_is_said_for_each_cell_and_reason() {
        let (all, start) = (Refusals::default(), Timestamp::from_micros(0));
        let cell = RegionCode::parse("in21");
        assert_eq!(all.note(cell.clone(), Refused::Signature, start), Some(0));
        for second in 1..60 {
            let later = start.plus(Duration::from_secs(second));
            assert_eq!(all.note(cell.clone(), Refused::Signature, later), None);
        }
        assert_eq!(all.note(cell.clone(), Refused::Time, start), Some(0), "another reason is another fact");
        assert_eq!(all.note(None, Refused::Signature, start), Some(0));
        assert_eq!(all.note(cell.clone(), Refused::Signature, start.plus(SAID_EVERY)), Some(59));
        let counts = [(None, "signature", 1), (cell.clone(), "signature", 61), (cell, "time", 1)];
        assert_eq!(all.counts(), counts);
    }
}
