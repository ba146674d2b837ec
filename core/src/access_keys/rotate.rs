//! Giving a key a new secret, with time to bring it to every program that uses the old one.

use super::held::Held;
use super::{IssuedKey, limits};
use crate::{Actor, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{AccessKeyId, EventKind, PersonStatus, PoolId};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::events;
use std::time::Duration;

/// Gives a key a new secret, shown this once. The one it had is accepted for `overlap` more (at most
/// [`super::LONGEST_OVERLAP`]; zero ends it now); one from an earlier rotation ends now.
///
/// A key that had ended with its person's account lives again with the new secret only.
///
/// Errors: [`Error::Invalid`]; [`Error::NotFound`]; [`Error::NotAllowed`] also for the key of somebody with more rights
/// than the actor's; [`Error::Conflict`] while the key's person is disabled.
pub async fn rotate(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: AccessKeyId,
    overlap: Duration,
) -> Result<IssuedKey> {
    rotate_version(core, caller, actor, (pool, id), overlap, None).await
}

/// The same for a key as it was read, so that a request that is sent again does not end the secret it replaced. Errors: also
/// [`Error::Conflict`] of the field `version` where another is there.
pub async fn rotate_version(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    (pool, id): (PoolId, AccessKeyId),
    overlap: Duration,
    expected: Expected,
) -> Result<IssuedKey> {
    limits::overlap(overlap)?;
    let now = core.now();
    let secret = core.mint_key_secret()?;
    let event = core.act(caller, actor, EventKind::KeyRotated, (pool, pool.root()), now)?;
    let (actor, hash) = (actor.clone(), secret.hash);
    let until = (overlap > Duration::ZERO).then(|| now.plus(overlap));
    let written = core.db().write(pool, move |tx| {
        let held = match Held::read_for(tx, &actor, id)? {
            Ok(held) => held,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Err(stale) = expected::check(expected, held.stored.key.version) {
            return Ok(Err(stale));
        }
        if held.person.status != PersonStatus::Active {
            return Ok(Err(Error::conflict("person", "is disabled")));
        }
        let rotated = with_secret(&held, hash, until);
        access_keys::update(tx, &rotated)?;
        events::insert(tx, &held.event(&event))?;
        Ok(Ok(rotated.key))
    });
    Ok(IssuedKey { key: written.await??, secret: secret.secret })
}

/// The key with its new secret. Only a secret that is good now may overlap: rotating must revive nothing (P2).
fn with_secret(held: &Held, hash: [u8; 32], until: Option<doorward_model::Timestamp>) -> StoredAccessKey {
    let mut rotated = held.stored.clone();
    let is_live = !rotated.key.disabled && rotated.generation == held.person.auth_generation;
    let until = until.filter(|_| is_live);
    rotated.previous_hash = until.map(|_| rotated.secret_hash);
    rotated.key.previous_until = until;
    rotated.secret_hash = hash;
    rotated.generation = held.person.auth_generation;
    rotated
}
