//! Disabling, enabling and changing a key. Its secret stays.

use super::held::Held;
use super::limits;
use crate::{Actor, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{AccessKey, AccessKeyId, EventKind, PersonStatus, PoolId, RateLimit, Timestamp};
use doorward_store::{access_keys, events};

/// What changes about a key; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What people read.
    pub label: Option<String>,
    /// Its own rate; inside, `None` goes back to the tenant's.
    pub rate: Option<Option<RateLimit>>,
    /// When it ends; inside, `None` is never.
    pub expires_at: Option<Option<Timestamp>>,
    /// The version that was read.
    pub expected: Expected,
}

/// Refuses every call with this key from now on. Disabling a disabled key changes nothing.
///
/// Errors: [`Error::NotFound`]; [`Error::NotAllowed`] also for the key of somebody with more rights than the actor's.
pub async fn disable(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: AccessKeyId,
) -> Result<AccessKey> {
    set_disabled(core, caller, actor, (pool, id), true, None).await
}

/// [`disable`] or [`enable`] for a key as it was read. Errors: also [`Error::Conflict`] of the field `version` where another
/// is there.
pub async fn set_disabled(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    of: (PoolId, AccessKeyId),
    disabled: bool,
    expected: Expected,
) -> Result<AccessKey> {
    if !disabled {
        return edit(core, caller, actor, EventKind::KeyEnabled, (of, expected), |held| {
            let has_ended = held.person.status != PersonStatus::Active
                || held.stored.generation != held.person.auth_generation;
            if has_ended {
                return Err(Error::conflict("key", "ended with its person's account: rotate it instead"));
            }
            held.stored.key.disabled = false;
            Ok(())
        })
        .await;
    }
    edit(core, caller, actor, EventKind::KeyDisabled, (of, expected), |held| {
        // A secret in its overlap ends for good: enabling brings the current one back and no other.
        held.stored.previous_hash = None;
        held.stored.key.previous_until = None;
        held.stored.key.disabled = true;
        Ok(())
    })
    .await
}

/// Lifts [`disable`]. Enabling an enabled key changes nothing.
///
/// Errors: as [`disable`]; [`Error::Conflict`] for a key that ended with its person's account, which only
/// [`super::rotate`] brings back.
pub async fn enable(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: AccessKeyId,
) -> Result<AccessKey> {
    set_disabled(core, caller, actor, (pool, id), false, None).await
}

/// Changes label, rate or expiry. Errors as [`disable`], and [`Error::Invalid`].
pub async fn change(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: AccessKeyId,
    changes: Changes,
) -> Result<AccessKey> {
    let label = changes.label.as_deref().map(limits::label).transpose()?;
    limits::rate(changes.rate.flatten())?;
    limits::expiry(changes.expires_at.flatten(), core.now())?;
    let of = ((pool, id), changes.expected);
    edit(core, caller, actor, EventKind::KeyChanged, of, move |held| {
        let key = &mut held.stored.key;
        key.label = label.clone().unwrap_or_else(|| key.label.clone());
        key.rate = changes.rate.unwrap_or(key.rate);
        key.expires_at = changes.expires_at.unwrap_or(key.expires_at);
        Ok(())
    })
    .await
}

/// Edits a key the actor may handle; an edit that changes nothing leaves no trace. Every node hears of it by the
/// revocation log, because each may remember the key as it was.
async fn edit(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    kind: EventKind,
    ((pool, id), expected): ((PoolId, AccessKeyId), Expected),
    edit: impl Fn(&mut Held) -> Result<()> + Send + 'static,
) -> Result<AccessKey> {
    let event = core.act(caller, actor, kind, (pool, pool.root()), core.now())?;
    let actor = actor.clone();
    let written = core.db().write(pool, move |tx| {
        let mut held = match Held::read_for(tx, &actor, id)? {
            Ok(held) => held,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Err(stale) = expected::check(expected, held.stored.key.version) {
            return Ok(Err(stale));
        }
        let before = held.stored.clone();
        if let Err(refused) = edit(&mut held) {
            return Ok(Err(refused));
        }
        if held.stored != before {
            access_keys::update(tx, &held.stored)?;
            events::insert(tx, &held.event(&event))?;
        }
        Ok(Ok(held.stored.key))
    });
    written.await?
}
