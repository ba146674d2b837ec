//! Doors and regions: what the installation itself is made of. Only operators change them.

use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::{Door, DoorId, EventKind, Region, RegionCode, RegionId};
use doorward_store::{Error as StoreError, doors, events, regions};

/// Makes a door, or changes the one of the same name, and opens it at once.
pub async fn set_door(core: &Core, caller: &Caller, actor: &Actor, door: Door) -> Result<()> {
    operator_only(actor)?;
    let event = doorward_model::Event {
        actor: Some(actor.name()),
        detail: Some(format!("{} at {}", door.name, door.host)),
        ..core.event(caller, EventKind::DoorSet, core.now())?
    };
    let written = core.db().write_house(move |tx| {
        doors::put(tx, &door)?;
        events::insert(tx, &event)
    });
    written.await.map_err(|fault| taken(fault, "host", "another door has this host"))?;
    core.load_doors().await
}

/// Makes a region, or changes the one of the same code.
pub async fn set_region(core: &Core, caller: &Caller, actor: &Actor, region: Region) -> Result<()> {
    operator_only(actor)?;
    let event = doorward_model::Event {
        actor: Some(actor.name()),
        detail: Some(region.code.as_str().to_owned()),
        ..core.event(caller, EventKind::RegionSet, core.now())?
    };
    let written = core.db().write_house(move |tx| {
        regions::put(tx, &region)?;
        events::insert(tx, &event)
    });
    Ok(written.await?)
}

/// One region. [`Error::NotFound`] for an unknown code.
pub async fn region(core: &Core, code: &RegionCode) -> Result<Region> {
    let code = code.clone();
    core.db().read_house(move |tx| regions::find(tx, &code)).await?.ok_or(Error::NotFound)
}

/// Every region, by code.
pub async fn list_regions(core: &Core) -> Result<Vec<Region>> {
    Ok(core.db().read_house(regions::list).await?)
}

/// A new door's id.
pub fn door_id(core: &Core) -> Result<DoorId> {
    core.uuid(core.now()).map(DoorId::new)
}

/// A new region's id.
pub fn region_id(core: &Core) -> Result<RegionId> {
    core.uuid(core.now()).map(RegionId::new)
}

fn operator_only(actor: &Actor) -> Result<()> {
    if actor.is_operator() { Ok(()) } else { Err(Error::NotAllowed) }
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
