//! Making a key.

use super::held::{event_about, may_handle};
use super::{IssuedKey, KEYS_PER_PERSON, limits};
use crate::once::Once;
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{
    AccessKey, AccessKeyId, AccessKeyName, EventKind, PersonId, PersonStatus, RateLimit, Timestamp,
};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::{Error as StoreError, Tx, events, memberships, people};

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Whom it stands for: an active person with a place that reaches the tenant.
    pub person: PersonId,
    /// What people read, at most [`super::LABEL_CHARS`] characters.
    pub label: String,
    /// Its own rate; `None` takes the tenant's.
    pub rate: Option<RateLimit>,
    /// Refused from this moment; `None` never ends.
    pub expires_at: Option<Timestamp>,
}

/// Makes a key at a tenant; its secret is shown this once.
///
/// Errors: [`Error::Invalid`]; [`Error::NotFound`] for somebody without a place there; [`Error::NotAllowed`] without
/// the right, or for somebody with more rights than the actor's; [`Error::Conflict`] when the person has too many.
pub async fn create(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewKey,
) -> Result<IssuedKey> {
    make(core, caller, actor, branch, new, None).await
}

/// The same for a request that names itself. Sent again, it is [`Error::Conflict`]: a secret is shown once.
pub async fn create_once(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewKey,
    once: Once,
) -> Result<IssuedKey> {
    make(core, caller, actor, branch, new, Some(once)).await
}

async fn make(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewKey,
    once: Option<Once>,
) -> Result<IssuedKey> {
    let now = core.now();
    let secret = core.mint_key_secret()?;
    let key = AccessKey {
        id: AccessKeyId::new(core.uuid(now)?),
        pool: branch.pool(),
        person: new.person,
        tenant: branch.tenant().id,
        name: AccessKeyName::from_bytes(core.random()?),
        label: limits::label(&new.label)?,
        rate: new.rate,
        disabled: false,
        expires_at: new.expires_at,
        previous_until: None,
        version: 1,
        created_at: now,
        last_used_at: None,
    };
    limits::rate(key.rate)?;
    limits::expiry(key.expires_at, now)?;
    let event = core.act(caller, actor, EventKind::KeyCreated, (key.pool, key.tenant), now)?;
    let (actor, branch, made, hash) = (actor.clone(), branch.clone(), key.clone(), secret.hash);
    let written = core.db().write(key.pool, move |tx| {
        if let Some(Err(refused)) = once.as_ref().map(|once| once.secret_before(tx)).transpose()? {
            return Ok(Err(refused));
        }
        let person = match owner(tx, &actor, &branch, made.person)? {
            Ok(person) => person,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Some(Err(refused)) =
            once.as_ref().map(|once| once.claim_secret(tx, made.id.uuid())).transpose()?
        {
            return Ok(Err(refused));
        }
        let stored = StoredAccessKey {
            key: made.clone(),
            secret_hash: hash,
            previous_hash: None,
            generation: person.auth_generation,
        };
        access_keys::insert(tx, &stored)?;
        events::insert(tx, &event_about(&event, &stored, &person))?;
        Ok(Ok(()))
    });
    written.await??;
    Ok(IssuedKey { key, secret: secret.secret })
}

/// The person a key is made for, as they are now.
fn owner(
    tx: &mut Tx<'_>,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
) -> Result<Result<doorward_model::Person>, StoreError> {
    if let Err(refused) = may_handle(tx, actor, branch, person)? {
        return Ok(Err(refused));
    }
    let found = people::find(tx, person)?.filter(|person| person.status != PersonStatus::Deleted);
    let places = memberships::list_by_person(tx, person)?;
    let is_here = places.iter().any(|place| branch.contains(place.tenant));
    let Some(person) = found.filter(|_| is_here) else { return Ok(Err(Error::NotFound)) };
    if person.status != PersonStatus::Active {
        return Ok(Err(Error::invalid("person", "is disabled, and a key of theirs could not be used")));
    }
    if access_keys::list_by_person(tx, person.id)?.len() >= KEYS_PER_PERSON {
        return Ok(Err(Error::conflict("person", format!("already has {KEYS_PER_PERSON} keys"))));
    }
    Ok(Ok(person))
}
