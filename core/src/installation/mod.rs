//! Doors and regions: what the installation itself is made of. Only operators change them.

mod doors;
mod regions;

pub use doors::{DoorWish, change_door, create_door, door, list_doors, list_doors_to, remove_door};
pub use regions::{list_regions, list_regions_after, region, region_id, region_shown, set_region};

use crate::manage::Scope;
use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::{Door, DoorId, EventKind};
use doorward_store::{Error as StoreError, doors as stored, events};

/// Makes a door, or changes the one of the same name, and opens it at once. For who has checked what it is: the demo, tests.
pub async fn set_door(core: &Core, caller: &Caller, actor: &Actor, door: Door) -> Result<()> {
    house_only(actor, Scope::DoorsWrite)?;
    let event = doorward_model::Event {
        actor: Some(actor.name()),
        detail: Some(format!("{} at {}", door.name, door.host)),
        ..core.event(caller, EventKind::DoorSet, core.now())?
    };
    let written = core.db().write_house(move |tx| {
        stored::put(tx, &door)?;
        events::insert(tx, &event)
    });
    written.await.map_err(|fault| taken(fault, "host", "another door has this host"))?;
    core.load_doors().await
}

/// A new door's id.
pub fn door_id(core: &Core) -> Result<DoorId> {
    core.uuid(core.now()).map(DoorId::new)
}

/// Refuses who does not do in the whole installation what this scope is needed for.
fn house_only(actor: &Actor, scope: Scope) -> Result<()> {
    if actor.runs_house(scope) { Ok(()) } else { Err(Error::NotAllowed) }
}

/// A broken uniqueness rule as the conflict it is.
pub(crate) fn taken(fault: StoreError, field: &'static str, problem: &str) -> Error {
    match fault {
        StoreError::Constraint { .. } => Error::conflict(field, problem),
        other @ (StoreError::Unavailable { .. }
        | StoreError::ReadOnly
        | StoreError::Full
        | StoreError::BrokenRow { .. }
        | StoreError::Fault(_)) => other.into(),
    }
}
