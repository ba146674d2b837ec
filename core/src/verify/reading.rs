//! What a token leads to where it is not remembered: read by key, once for all who wait for it.

use super::Reason;
use super::memory::{Callers, Memory, TokenHash, Weighed};
use super::who::Who;
use crate::Core;
use doorward_crypto::HashPurpose;
use doorward_model::{Secret, Timestamp};
use std::sync::Arc;

/// What a kind of token leads to.
pub(super) trait Remembered: Weighed + Send + Sync + Sized + 'static {
    /// How its tokens are hashed.
    const PURPOSE: HashPurpose;

    /// The caller it stands for.
    fn who(&self) -> &Who;

    /// Where it is remembered.
    fn place(memory: &Memory) -> &Callers<Self>;

    /// Reads it. [`Reason::Invalid`] is a token that nobody has, under this hash.
    fn read(
        core: &Core,
        hash: TokenHash,
        now: Timestamp,
    ) -> impl Future<Output = Result<Arc<Self>, Reason>> + Send;
}

/// What a token leads to: remembered, or read.
pub(super) async fn lead<T: Remembered>(
    core: &Core,
    token: &Secret,
    now: Timestamp,
) -> Result<Arc<T>, Reason> {
    for hash in core.keys().hashes(T::PURPOSE, token.expose().as_bytes()) {
        let hash = *hash.bytes();
        if let Some(held) = core.memory().recall(&hash) {
            return Ok(held);
        }
        match once(core, hash, now).await {
            // A token of an older key is not under the current one.
            Err(Reason::Invalid) => {}
            outcome => return outcome,
        }
    }
    Err(Reason::Invalid)
}

/// Reads what a token leads to; whoever asks meanwhile waits for this reading.
async fn once<T: Remembered>(core: &Core, hash: TokenHash, now: Timestamp) -> Result<Arc<T>, Reason> {
    let memory = core.memory();
    if memory.is_stranger(&hash, now) {
        return Err(Reason::Invalid);
    }
    match T::place(memory).get_value_or_guard_async(&hash).await {
        Ok(held) if memory.holds(held.who()) => Ok(held),
        Ok(_stale) => {
            let read = T::read(core, hash, now).await;
            match &read {
                Ok(held) => T::place(memory).insert(hash, Arc::clone(held)),
                Err(_) => drop(T::place(memory).remove(&hash)),
            }
            read
        }
        Err(place) => {
            let held = T::read(core, hash, now).await?;
            // Where the place was taken meanwhile, somebody read the same.
            drop(place.insert(Arc::clone(&held)));
            Ok(held)
        }
    }
}
