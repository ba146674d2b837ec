//! Events: every operation that changes something says so in the same transaction.

use crate::{Actor, Caller, Core, Identity, Result};
use doorward_model::{Event, EventId, EventKind, Person, PoolId, TenantId, Timestamp};

impl Core {
    /// An event of this moment, told of the caller; the rest is filled in with `..`-updates or the methods below.
    pub(crate) fn event(&self, caller: &Caller, kind: EventKind, now: Timestamp) -> Result<Event> {
        Ok(Event {
            id: EventId::new(self.uuid(now)?),
            pool: None,
            tenant: None,
            kind,
            person: None,
            actor: None,
            session: None,
            door: caller.door,
            application: None,
            address: Some(caller.address),
            detail: None,
            at: now,
        })
    }

    /// An event at a tenant, done by an actor.
    pub(crate) fn act(
        &self,
        caller: &Caller,
        actor: &Actor,
        kind: EventKind,
        at: (PoolId, TenantId),
        now: Timestamp,
    ) -> Result<Event> {
        let event = self.event(caller, kind, now)?;
        Ok(Event {
            pool: Some(at.0),
            tenant: Some(at.1),
            actor: Some(actor.name()),
            application: actor.application(),
            ..event
        })
    }

    /// An event that someone signed in caused to themselves.
    pub(crate) fn event_of(
        &self,
        caller: &Caller,
        kind: EventKind,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<Event> {
        Ok(Event {
            pool: Some(identity.pool()),
            tenant: Some(identity.tenant()),
            person: Some(identity.person.id),
            session: identity.session().map(|session| session.id),
            application: identity.application,
            ..self.event(caller, kind, now)?
        })
    }
}

/// An event about a person.
pub(crate) fn about(event: Event, person: &Person) -> Event {
    Event { pool: Some(person.pool), person: Some(person.id), ..event }
}
