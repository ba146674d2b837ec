//! A key with whom it stands for and where, read in the transaction that decides about it.

use crate::memberships::strongest;
use crate::{Actor, Branch, Error, Result};
use doorward_model::{AccessKeyId, Event, Person, PersonId};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::{Error as StoreError, Tx, people};

#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) stored: StoredAccessKey,
    pub(super) person: Person,
    pub(super) branch: Branch,
}

impl Held {
    pub(super) fn read(tx: &mut Tx<'_>, id: AccessKeyId) -> Result<Option<Self>, StoreError> {
        let Some(stored) = access_keys::find(tx, id)? else { return Ok(None) };
        let person = people::find(tx, stored.key.person)?;
        let branch = Branch::read(tx, stored.key.tenant)?;
        Ok(person.zip(branch).map(|(person, branch)| Self { stored, person, branch }))
    }

    /// Reads a key that the actor may handle.
    pub(super) fn read_for(
        tx: &mut Tx<'_>,
        actor: &Actor,
        id: AccessKeyId,
    ) -> Result<Result<Self>, StoreError> {
        let Some(held) = Self::read(tx, id)? else { return Ok(Err(Error::NotFound)) };
        Ok(may_handle(tx, actor, &held.branch, held.person.id)?.map(|()| held))
    }

    /// What happened to this key.
    pub(super) fn event(&self, event: &Event) -> Event {
        event_about(event, &self.stored, &self.person)
    }
}

/// Whether the actor may handle this person's keys at `branch`. A key lends its person's rights there and below, so
/// whoever is stronger anywhere below is out of reach, too.
pub(super) fn may_handle(
    tx: &mut Tx<'_>,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
) -> Result<Result<()>, StoreError> {
    let own = match actor.administers(branch) {
        Ok(role) => role,
        Err(refused) => return Ok(Err(refused)),
    };
    Ok(match strongest(tx, branch.tenant().id, person)? {
        // The key of somebody without a place lends nothing, and whoever administers the tenant may clear it away.
        None => Ok(()),
        Some(theirs) if actor.may_grant(own, theirs) => Ok(()),
        Some(_) => Err(Error::NotAllowed),
    })
}

/// The trail names a key by label and id; neither half of the pair is written there.
pub(super) fn event_about(event: &Event, stored: &StoredAccessKey, person: &Person) -> Event {
    let key = &stored.key;
    Event {
        pool: Some(key.pool),
        tenant: Some(key.tenant),
        person: Some(person.id),
        detail: Some(format!("{} ({})", key.label, key.id)),
        ..event.clone()
    }
}
