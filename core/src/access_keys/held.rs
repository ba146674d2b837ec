//! A key with whom it stands for and where, read in the transaction that decides about it.

use crate::{Actor, Branch, Error, Result};
use doorward_model::{AccessKeyId, Event, Person, Role};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::{Error as StoreError, Tx, memberships, people};

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
        let role = role_of(tx, &held.person, &held.branch)?;
        Ok(may_handle(actor, &held.branch, role).map(|()| held))
    }

    /// What happened to this key.
    pub(super) fn event(&self, event: &Event) -> Event {
        event_about(event, &self.stored, &self.person)
    }
}

/// The strongest role of a person at a tenant; `None` where they have no place.
pub(super) fn role_of(tx: &mut Tx<'_>, person: &Person, branch: &Branch) -> Result<Option<Role>, StoreError> {
    let places = memberships::list_by_person(tx, person.id)?;
    Ok(places.iter().filter(|place| branch.contains(place.tenant)).map(|place| place.role).min())
}

/// Whether the actor may handle keys at `branch` of somebody with this role: a key lends its person's rights.
pub(super) fn may_handle(actor: &Actor, branch: &Branch, role: Option<Role>) -> Result<()> {
    let own = actor.administers(branch)?;
    if role.is_none_or(|role| own.may_grant(role)) { Ok(()) } else { Err(Error::NotAllowed) }
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
