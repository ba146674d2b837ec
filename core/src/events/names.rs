//! Who and what the ids of events are.

use super::Told;
use crate::Core;
use doorward_model::{ApplicationId, Event, EventNames, Person, PersonId, TenantId};
use doorward_store::{Error as StoreError, Tx, applications, people, tenants};
use std::collections::HashMap;

/// Each event with its names, all but the door's. Each name is read once.
pub(super) fn of(tx: &mut Tx<'_>, events: Vec<Event>) -> Result<Vec<Told>, StoreError> {
    let mut known = Known::default();
    events.into_iter().map(|event| Ok(Told { names: known.names(tx, &event)?, event })).collect()
}

/// The same with the door's name, if it still stands.
pub(super) fn with_door(core: &Core, told: Told) -> Told {
    let door = told.event.door.and_then(|id| core.doors().by_id(id)).map(|door| door.name.clone());
    Told { names: EventNames { door, ..told.names }, event: told.event }
}

/// How people call a person: as they like to be called, else by name, else by e-mail.
pub(crate) fn called(person: &Person) -> String {
    let liked = person.profile.known_as.clone().filter(|name| !name.is_empty());
    let full = || Some(person.profile.full_name()).filter(|name| !name.is_empty());
    liked.or_else(full).unwrap_or_else(|| person.email.as_written().to_owned())
}

#[derive(Default)]
struct Known {
    people: HashMap<PersonId, Option<String>>,
    tenants: HashMap<TenantId, Option<String>>,
    applications: HashMap<ApplicationId, Option<String>>,
}

impl Known {
    fn names(&mut self, tx: &mut Tx<'_>, event: &Event) -> Result<EventNames, StoreError> {
        Ok(EventNames {
            person: event.person.map(|id| self.person(tx, id)).transpose()?.flatten(),
            actor: event.actor.as_deref().map(|actor| self.actor(tx, actor, event)).transpose()?.flatten(),
            tenant: event.tenant.map(|id| self.tenant(tx, id)).transpose()?.flatten(),
            application: event.application.map(|id| self.application(tx, id)).transpose()?.flatten(),
            door: None,
        })
    }

    /// Whom [`crate::Actor::name`] named. Operators have no names here: they are no affair of a tenant's administrators.
    fn actor(&mut self, tx: &mut Tx<'_>, actor: &str, event: &Event) -> Result<Option<String>, StoreError> {
        let (kind, rest) = actor.split_once(' ').unwrap_or((actor, ""));
        match kind {
            "person" => PersonId::parse(rest).map_or(Ok(None), |id| self.person(tx, id)),
            "application" => {
                let name = event.application.map(|id| self.application(tx, id)).transpose()?.flatten();
                Ok(Some(name.map_or("a program".to_owned(), |name| format!("the program {name}"))))
            }
            "operator" => Ok(Some("an operator".to_owned())),
            _ => Ok(None),
        }
    }

    fn person(&mut self, tx: &mut Tx<'_>, id: PersonId) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let name = people::find(tx, id)?.map(|person| called(&person));
        self.people.insert(id, name.clone());
        Ok(name)
    }

    fn tenant(&mut self, tx: &mut Tx<'_>, id: TenantId) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.tenants.get(&id) {
            return Ok(known.clone());
        }
        let name = tenants::find(tx, id)?.map(|tenant| tenant.display_name);
        self.tenants.insert(id, name.clone());
        Ok(name)
    }

    fn application(&mut self, tx: &mut Tx<'_>, id: ApplicationId) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.applications.get(&id) {
            return Ok(known.clone());
        }
        let name = applications::find(tx, id)?.map(|stored| stored.application.name);
        self.applications.insert(id, name.clone());
        Ok(name)
    }
}
