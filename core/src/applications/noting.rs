//! Which applications' last use is being written down: one write at a time for each, so that a store that stalls
//! collects no queue of them. A use that finds one under way is not lost: the next after it is noted.

use doorward_model::ApplicationId;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The applications with a write under way. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct UsesBeingNoted(Arc<Mutex<HashSet<ApplicationId>>>);

/// The right to write one application's use down; dropped when that is over, however it ended.
pub(super) struct Turn {
    of: UsesBeingNoted,
    application: ApplicationId,
}

impl UsesBeingNoted {
    /// A turn for the application; `None` while somebody has it.
    pub(super) fn begin(&self, application: ApplicationId) -> Option<Turn> {
        self.change(|under_way| under_way.insert(application)).then(|| Turn { of: self.clone(), application })
    }

    fn change<T>(&self, change: impl FnOnce(&mut HashSet<ApplicationId>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.of.change(|under_way| under_way.remove(&self.application));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_write_at_a_time_for_each_application() {
        let (noted, one) = (UsesBeingNoted::default(), ApplicationId::new(Uuid::from_u128(1)));
        let turn = noted.begin(one);
        assert!(turn.is_some() && noted.begin(one).is_none());
        assert!(noted.begin(ApplicationId::new(Uuid::from_u128(2))).is_some(), "another need not wait");
        drop(turn);
        assert!(noted.begin(one).is_some());
    }
}
