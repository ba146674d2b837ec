//! Who is told of stale things after a commit.

use super::Hook;
use crate::{Error, Invalidation};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

/// The one listener, if there is one.
#[derive(Default)]
pub(super) struct Ears(Mutex<Option<Hook>>);

impl Ears {
    pub(super) fn set(&self, hook: Hook) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hook);
    }

    /// Tells it, on this thread.
    pub(super) fn tell(&self, stale: &[Invalidation]) -> Result<(), Error> {
        let hook = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(hook) = hook.filter(|_| !stale.is_empty()) else {
            return Ok(());
        };
        // "Done" would promise that a revoked session is refused from now on, so it must not be said.
        catch_unwind(AssertUnwindSafe(|| hook(stale)))
            .map_err(|_panic| Error::Fault("committed, but the caches could not be told".to_owned()))
    }
}
