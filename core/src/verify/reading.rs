//! What a token leads to where it is not remembered: read by key, once for all who wait for it, and within the limit of
//! the address it came from. What led nowhere is remembered too, for a little while.

use super::callers::{Callers, TokenHash, Weighed};
use super::flight::{self, Before};
use super::memory::Memory;
use super::who::Who;
use super::{Reason, misses};
use crate::Core;
use doorward_crypto::HashPurpose;
use doorward_model::{Secret, Timestamp};
use std::net::IpAddr;
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

/// Why a token leads nowhere, and whether the database had to be asked for a token that nobody knew.
struct Miss {
    reason: Reason,
    is_guess: bool,
}

impl From<Reason> for Miss {
    fn from(reason: Reason) -> Self {
        Self { reason, is_guess: false }
    }
}

/// What a token leads to: remembered, or read. A token that is nobody's counts once as a miss of the address it came
/// from, under however many keys it was looked for, and not again while it is remembered to be nobody's.
pub(super) async fn lead<T: Remembered>(
    core: &Core,
    from: Option<IpAddr>,
    token: &Secret,
    now: Timestamp,
) -> Result<Arc<T>, Reason> {
    let hashes = || core.keys().hashes(T::PURPOSE, token.expose().as_bytes());
    // Whoever is remembered under an older key is not looked for under the current one.
    if let Some(held) = hashes().find_map(|hash| core.memory().recall(hash.bytes(), now)) {
        return Ok(held);
    }
    let mut is_guess = false;
    for hash in hashes() {
        let hash = *hash.bytes();
        match read_once(core, from, hash, now).await {
            Ok(held) => return Ok(held),
            // A token of an older key is not under the current one.
            Err(miss) if miss.reason == Reason::Invalid => is_guess |= miss.is_guess,
            Err(miss) => return Err(miss.reason),
        }
    }
    Err(if is_guess { misses::refused(core, from).into() } else { Reason::Invalid })
}

/// Reads what a token leads to; whoever asks meanwhile waits for this reading.
async fn read_once<T: Remembered>(
    core: &Core,
    from: Option<IpAddr>,
    hash: TokenHash,
    now: Timestamp,
) -> Result<Arc<T>, Miss> {
    let memory = core.memory();
    unless_gone(memory, &hash, now)?;
    let outages = memory.outages.before();
    let holds = |held: &T| memory.serves(held.who(), now);
    flight::once(T::place(memory), &hash, memory.is_current(), holds, async |before| {
        memory.outages.none_since(outages)?;
        // Whoever was waited for may have found nobody.
        unless_gone(memory, &hash, now)?;
        // Somebody's a moment ago is no guess, whatever became of it: not held to the limit, nor counted.
        let is_guess = before == Before::Nothing;
        if is_guess {
            misses::within(core, from)?;
        }
        read::<T>(core, hash, now).await.map_err(|reason| Miss { reason, is_guess })
    })
    .await
}

fn unless_gone(memory: &Memory, hash: &TokenHash, now: Timestamp) -> Result<(), Reason> {
    memory.gone(hash, now).map_or(Ok(()), Err)
}

async fn read<T: Remembered>(core: &Core, hash: TokenHash, now: Timestamp) -> Result<Arc<T>, Reason> {
    let read = T::read(core, hash, now).await;
    if let Err(reason) = &read {
        core.memory().note_gone(hash, reason, now);
    }
    read
}
