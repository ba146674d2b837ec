//! Readings that the database did not answer. Who waited for one of them would wait as long once more, and so would the
//! next: they are told at once.

use super::Reason;
use crate::Error;
use doorward_store::Error as StoreError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// When to ask again: by then somebody has tried.
const RETRY: Duration = Duration::from_secs(1);

/// How many there were.
#[derive(Debug, Default)]
pub(super) struct Outages(AtomicU64);

/// Those that whoever asks has nothing to do with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before(u64);

impl Outages {
    /// To be taken before waiting for a reading.
    pub(super) fn before(&self) -> Before {
        Before(self.0.load(Ordering::Relaxed))
    }

    /// Errors: [`Reason::Unavailable`] if a reading was not answered since.
    pub(super) fn none_since(&self, before: Before) -> Result<(), Reason> {
        let is_same = self.0.load(Ordering::Relaxed) == before.0;
        if is_same { Ok(()) } else { Err(Reason::Unavailable { retry_after: RETRY }) }
    }

    /// What a reading found, or why it found nothing.
    pub(super) fn noted<T>(&self, read: Result<T, StoreError>) -> Result<T, Reason> {
        read.map_err(|fault| {
            self.0.fetch_add(1, Ordering::Relaxed);
            Error::from(fault).into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_asked_before_a_reading_failed_has_waited_for_it() {
        let outages = Outages::default();
        let early = outages.before();
        assert_eq!(outages.none_since(early), Ok(()));
        assert_eq!(outages.noted(Ok(7)), Ok(7));
        assert_eq!(outages.none_since(early), Ok(()));
        let told = outages.noted::<()>(Err(StoreError::Fault("gone".to_owned())));
        assert!(matches!(told, Err(Reason::Unavailable { .. })));
        assert!(matches!(outages.none_since(early), Err(Reason::Unavailable { .. })));
        assert_eq!(outages.none_since(outages.before()), Ok(()));
    }
}
