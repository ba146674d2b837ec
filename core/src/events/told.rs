//! Who and what events are about.

use super::Told;
use crate::Core;
use crate::names::Known;
use doorward_model::{Event, EventNames, PersonId};
use doorward_store::{Error as StoreError, Tx};

/// Each event with its names, all but the door's. Each name is read once.
pub(super) fn of(tx: &mut Tx<'_>, events: Vec<Event>) -> Result<Vec<Told>, StoreError> {
    let mut known = Known::default();
    events.into_iter().map(|event| Ok(Told { names: names(&mut known, tx, &event)?, event })).collect()
}

/// The same with the door's name, if it still stands.
pub(super) fn with_door(core: &Core, told: Told) -> Told {
    let door = told.event.door.and_then(|id| core.doors().by_id(id)).map(|door| door.name.clone());
    Told { names: EventNames { door, ..told.names }, event: told.event }
}

fn names(known: &mut Known, tx: &mut Tx<'_>, event: &Event) -> Result<EventNames, StoreError> {
    Ok(EventNames {
        person: event.person.map(|id| known.person(tx, id)).transpose()?.flatten(),
        actor: event.actor.as_deref().map(|named| actor(known, tx, named, event)).transpose()?.flatten(),
        tenant: event.tenant.map(|id| known.tenant(tx, id)).transpose()?.flatten(),
        application: event.application.map(|id| known.application(tx, id)).transpose()?.flatten(),
        door: None,
    })
}

/// Whom [`crate::Actor::name`] named. Operators have no names here: they are no affair of a tenant's administrators.
fn actor(
    known: &mut Known,
    tx: &mut Tx<'_>,
    actor: &str,
    event: &Event,
) -> Result<Option<String>, StoreError> {
    let (kind, rest) = actor.split_once(' ').unwrap_or((actor, ""));
    match kind {
        "person" => PersonId::parse(rest).map_or(Ok(None), |id| known.person(tx, id)),
        "application" => {
            let name = event.application.map(|id| known.application(tx, id)).transpose()?.flatten();
            Ok(Some(name.map_or("a program".to_owned(), |name| format!("the program {name}"))))
        }
        "operator" => Ok(Some("an operator".to_owned())),
        _ => Ok(None),
    }
}
