//! How many sign-ins a pool may attempt in a minute (P23): one tenant's flood does not fill the hash queue of all.
//!
//! Counted in memory, minute by minute: a quota protects this process, and a restart has nothing to protect it from.

use crate::{Error, Result};
use doorward_model::{PoolId, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The span that is counted together.
const MINUTE: Duration = Duration::from_secs(60);

/// The minute's attempts of every pool. At most one entry for each pool there is: only existing ones are counted.
#[derive(Debug, Default)]
pub(crate) struct SignInQuota(Mutex<HashMap<PoolId, Counted>>);

#[derive(Clone, Copy, Debug)]
struct Counted {
    since: Timestamp,
    attempts: u32,
}

impl SignInQuota {
    /// Counts an attempt. [`Error::Throttled`] until the minute is over once `most` were counted in it.
    pub(crate) fn admit(&self, pool: PoolId, most: u32, now: Timestamp) -> Result<()> {
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = pools.entry(pool).or_insert(Counted { since: now, attempts: 0 });
        if now.since(counted.since) >= MINUTE {
            *counted = Counted { since: now, attempts: 0 };
        }
        if counted.attempts >= most {
            return Err(Error::Throttled { retry_after: MINUTE.saturating_sub(now.since(counted.since)) });
        }
        counted.attempts += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_minute_refuses_its_own_pool_only_and_then_begins_anew() {
        let quota = SignInQuota::default();
        let pool = |name: u128| PoolId::new(uuid::Uuid::from_u128(name));
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        assert!(quota.admit(pool(1), 2, at(0)).is_ok());
        assert!(quota.admit(pool(1), 2, at(1)).is_ok());
        let refused = quota.admit(pool(1), 2, at(20));
        assert!(matches!(refused, Err(Error::Throttled { retry_after }) if retry_after.as_secs() == 40));
        assert!(quota.admit(pool(2), 2, at(20)).is_ok());
        assert!(quota.admit(pool(1), 2, at(60)).is_ok());
    }
}
