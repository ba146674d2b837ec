//! When keys, tokens and applications were last used: noted once a minute, behind the answer, and one write at a time for each, so
//! that a store that stalls collects no queue of them. Nobody waits for it, and nobody is refused because it failed. A use that
//! finds a write under way is not lost: the next after it is noted.

use crate::Core;
use doorward_model::{AccessKeyId, ApplicationId, ApplicationTokenId, OperatorTokenId, PoolId, Timestamp};
use doorward_store::{Error, HouseTx, access_keys, application_tokens, applications, operator_tokens};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How coarsely the last use is noted: an administrator wants to know what is still in use, not when to the second, and a write per
/// call would cost more than the call.
pub(crate) const NOTED_EVERY: Duration = Duration::from_secs(60);

/// What was used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Used {
    /// An access key.
    Key(PoolId, AccessKeyId),
    /// A bearer token of an application.
    Token(PoolId, ApplicationTokenId),
    /// An application.
    Application(PoolId, ApplicationId),
    /// A token of an operator, who is of no pool.
    OperatorToken(OperatorTokenId),
}

/// What has a write under way. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct UsesBeingNoted(Arc<Mutex<HashSet<Used>>>);

/// The right to write one use down; dropped when that is over, however it ended.
struct Turn {
    of: UsesBeingNoted,
    used: Used,
}

/// Notes a use, if the last one that was written down, `known`, was long enough ago.
pub(crate) fn note(core: &Core, used: Used, known: Option<Timestamp>, now: Timestamp) {
    if known.is_none_or(|last| now.since(last) >= NOTED_EVERY) {
        write(core, used, now);
    }
}

/// Notes a use that is known to be due.
pub(crate) fn write(core: &Core, used: Used, now: Timestamp) {
    let Some(turn) = core.uses_being_noted().begin(used) else { return };
    let core = core.clone();
    tokio::spawn(async move {
        let _turn = turn;
        if let Err(fault) = core.db().write_house_bulk(move |tx| used.touch(tx, now)).await {
            tracing::warn!(%fault, ?used, "a last use is not noted");
        }
    });
}

impl Used {
    fn touch(self, tx: &mut HouseTx<'_>, now: Timestamp) -> Result<(), Error> {
        match self {
            Self::Key(pool, id) => tx.in_pool(pool, |tx| access_keys::touch(tx, id, now)),
            Self::Token(pool, id) => tx.in_pool(pool, |tx| application_tokens::touch(tx, id, now)),
            Self::Application(pool, id) => {
                tx.in_pool(pool, |tx| applications::touch(tx, id, now, now.minus(NOTED_EVERY)))
            }
            Self::OperatorToken(id) => operator_tokens::touch(tx, id, now),
        }
    }
}

impl UsesBeingNoted {
    /// A turn; `None` while somebody has it.
    fn begin(&self, used: Used) -> Option<Turn> {
        self.change(|under_way| under_way.insert(used)).then(|| Turn { of: self.clone(), used })
    }

    fn change<T>(&self, change: impl FnOnce(&mut HashSet<Used>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.of.change(|under_way| under_way.remove(&self.used));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_write_at_a_time_for_each_thing_used() {
        let id = Uuid::from_u128(1);
        let pool = PoolId::new(id);
        let (noted, one) = (UsesBeingNoted::default(), Used::Application(pool, ApplicationId::new(id)));
        let turn = noted.begin(one);
        assert!(turn.is_some() && noted.begin(one).is_none());
        assert!(noted.begin(Used::Key(pool, AccessKeyId::new(id))).is_some(), "another need not wait");
        drop(turn);
        assert!(noted.begin(one).is_some());
    }
}
