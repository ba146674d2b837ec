//! Regions: the homes of pools.

use super::house_only;
use crate::below::Keyed;
use crate::manage::Scope;
use crate::{Actor, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{EventKind, Region, RegionCode, RegionId};
use doorward_store::{events, regions};

/// A region's name stands in a line.
const NAME_CHARS: usize = 100;
/// Services of one region.
const HOSTS: usize = 100;
/// Of a service's name.
const SERVICE_CHARS: usize = 64;
/// Of a host or an address.
const HOST_CHARS: usize = 500;

/// Makes a region, or changes the one of the same code, and returns it as it is then.
///
/// Errors: [`Error::NotAllowed`] for who is no operator; [`Error::Invalid`] for what no region can be; [`Error::Conflict`] of the
/// field `version` where another is there than the one expected, or no region at all.
pub async fn set_region(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    region: Region,
    expected: Expected,
) -> Result<Region> {
    house_only(actor, Scope::RegionsWrite)?;
    check(&region)?;
    let event = doorward_model::Event {
        actor: Some(actor.name()),
        detail: Some(region.code.as_str().to_owned()),
        ..core.event(caller, EventKind::RegionSet, core.now())?
    };
    core.db()
        .write_house(move |tx| {
            let known = regions::find(tx, &region.code)?;
            let fits = match (&known, expected) {
                (Some(known), _) => expected::check(expected, known.version),
                (None, Some(_)) => Err(Error::conflict("version", "there is no such region")),
                (None, None) => Ok(()),
            };
            if let Err(stale) = fits {
                return Ok(Err(stale));
            }
            regions::put(tx, &region)?;
            events::insert(tx, &event)?;
            let (id, version) = known.map_or((region.id, 1), |known| (known.id, known.version + 1));
            Ok(Ok(Region { id, version, ..region.clone() }))
        })
        .await?
}

/// One region. [`Error::NotFound`] for an unknown code.
pub async fn region(core: &Core, code: &RegionCode) -> Result<Region> {
    let code = code.clone();
    core.db().read_house(move |tx| regions::find(tx, &code)).await?.ok_or(Error::NotFound)
}

/// The same for operators. Errors: as [`region`], and [`Error::NotAllowed`].
pub async fn region_shown(core: &Core, actor: &Actor, code: &RegionCode) -> Result<Region> {
    house_only(actor, Scope::RegionsRead)?;
    region(core, code).await
}

/// Every region, by code.
pub async fn list_regions(core: &Core) -> Result<Vec<Region>> {
    Ok(core.db().read_house(regions::list).await?)
}

/// The regions behind a code, by code, at most `rows`. For operators.
pub async fn list_regions_after(
    core: &Core,
    actor: &Actor,
    after: Option<RegionCode>,
    rows: usize,
) -> Result<Keyed<Region, RegionCode>> {
    house_only(actor, Scope::RegionsRead)?;
    // One for each place on earth where there is a database: few.
    let mut regions = list_regions(core).await?;
    regions.retain(|region| after.as_ref().is_none_or(|after| region.code > *after));
    Ok(Keyed::of(regions, rows, |region| region.code.clone()))
}

/// A new region's id.
pub fn region_id(core: &Core) -> Result<RegionId> {
    core.uuid(core.now()).map(RegionId::new)
}

fn check(region: &Region) -> Result<()> {
    let is_line = |text: &str, most| {
        !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    if !is_line(&region.name, NAME_CHARS) {
        return Err(Error::invalid("name", format!("expected a line of at most {NAME_CHARS} characters")));
    }
    let fits =
        |(service, host): &(String, String)| is_line(service, SERVICE_CHARS) && is_line(host, HOST_CHARS);
    if region.hosts.len() > HOSTS || !region.hosts.iter().all(fits) {
        let expected = format!("expected at most {HOSTS} services with a host or an address each");
        return Err(Error::invalid("hosts", expected));
    }
    Ok(())
}
