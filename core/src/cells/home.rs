//! Where a name lives, and which host to send its callers to.

use super::{Kind, Name, Places};
use crate::{Core, Error, Result};
use doorward_model::{AccessKeyName, Dialect, RegionCode, Slug};
use doorward_store::{self as store, HouseTx, directory, lookup, regions};

/// The service whose host callers are sent to (LeadSquared's directory).
const API: &str = "api";

/// Nothing, or the refusal that sends the calls of a key home: to be asked before the pair is looked at.
///
/// Errors: [`Error::WrongRegion`] for a key of another cell, with its API host.
pub async fn sent_home(core: &Core, key: &str) -> Result<()> {
    let Some((_, name)) = core.cells().zip(AccessKeyName::parse(key)) else { return Ok(()) };
    match core.db().glance(move |tx| elsewhere(tx, &name)).await? {
        Some((_, host)) => Err(Error::WrongRegion { host }),
        None => Ok(()),
    }
}

/// The other cell that a key lives in, and its API host.
pub(crate) fn elsewhere(
    tx: &mut HouseTx<'_>,
    key: &AccessKeyName,
) -> Result<Option<(RegionCode, String)>, store::Error> {
    let Some(cell) = directory::holder(tx, &Name::access_key(key))? else { return Ok(None) };
    let told = directory::peer(tx, &cell)?.and_then(|peer| host(&peer.places.hosts));
    let host = match told {
        Some(host) => Some(host),
        None => regions::find(tx, &cell)?.and_then(|region| host(&region.hosts)),
    };
    let host = host.unwrap_or_else(|| cell.as_str().to_owned());
    Ok(Some((cell, host)))
}

/// Says that another cell has a name of this kind.
pub(crate) fn said_elsewhere(kind: Kind, cell: &RegionCode) -> String {
    let cell = cell.as_str();
    match kind {
        Kind::Slug => format!("the cell {cell} has a tenant of this slug"),
        Kind::Company => format!("the cell {cell} has a tenant of this number"),
        Kind::AccessKey => format!("the cell {cell} has a key of this name"),
    }
}

/// The refusal of a write because another cell has one of its names, saying which cell and which name; `None` if it failed for
/// another reason.
pub(crate) async fn refused_elsewhere(
    core: &Core,
    fault: &store::Error,
    field: &'static str,
    names: Vec<Name>,
) -> Result<Option<Error>> {
    if !matches!(fault, store::Error::Constraint { name } if name == directory::HELD_ELSEWHERE) {
        return Ok(None);
    }
    let found = core.db().read_house(move |tx| {
        for name in &names {
            if let Some(cell) = directory::holder(tx, name)? {
                return Ok(Some(format!("{} ({})", said_elsewhere(name.kind(), &cell), name.text())));
            }
        }
        Ok(None)
    });
    Ok(found.await?.map(|problem| Error::conflict(field, problem)))
}

fn host(hosts: &[(String, String)]) -> Option<String> {
    hosts.iter().find(|(service, _)| service == API).map(|(_, host)| host.clone())
}

/// The refusal of calls for another cell's tenant, where it has a door of that dialect to be sent to; `None` for a tenant nobody
/// has.
pub async fn tenant_elsewhere(core: &Core, slug: &Slug, dialect: Dialect) -> Result<Option<Error>> {
    if core.cells().is_none() {
        return Ok(None);
    }
    let name = Name::slug(slug);
    let found = core.db().glance(move |tx| match directory::holder(tx, &name)? {
        Some(cell) => Ok(directory::peer(tx, &cell)?.map(|peer| peer.places.doors)),
        None => Ok(None),
    });
    let door = found.await?.and_then(|doors| doors.into_iter().find(|(speaks, _)| *speaks == dialect));
    Ok(door.map(|(_, base_url)| {
        let url = base_url.replace("{slug}", slug.as_str());
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        Error::WrongRegion { host: host.trim_end_matches('/').to_owned() }
    }))
}

/// Whether a key that is in no directory is nobody's: it is here, or all of every other cell's directory was read once.
pub(crate) async fn is_whole(core: &Core, key: &str) -> Result<bool> {
    let Some((cells, name)) = core.cells().zip(AccessKeyName::parse(key)) else { return Ok(true) };
    let peers: Vec<RegionCode> = cells.peers().iter().map(|peer| peer.cell().clone()).collect();
    let read = core.db().glance(move |tx| {
        if lookup::access_keys::find(tx, &name)?.is_some() {
            return Ok(true);
        }
        let heard = directory::list_peers(tx)?;
        Ok(peers.iter().all(|cell| heard.iter().any(|peer| peer.cell == *cell && peer.complete)))
    });
    Ok(read.await?)
}

/// Where this cell's services are, as the others are told: the hosts of its region, of which `api` is its LeadSquared door's
/// where the operator named none.
pub async fn places(core: &Core) -> Result<Places> {
    let Some(cells) = core.cells() else { return Ok(Places::default()) };
    let cell = cells.name().clone();
    let region = core.db().read_house(move |tx| regions::find(tx, &cell)).await?;
    let mut hosts = region.map(|region| region.hosts).unwrap_or_default();
    let table = core.doors();
    if host(&hosts).is_none() {
        let is_own = |region: &Option<RegionCode>| region.as_ref().is_none_or(|it| it == cells.name());
        let door =
            table.iter().find(|door| door.dialect == Dialect::Leadsquared && is_own(&door.settings.region));
        let url = door.map(|door| door.base_url(None));
        let bare = url.map(|url| url.split_once("://").map_or(url.clone(), |(_, rest)| rest.to_owned()));
        hosts.extend(bare.map(|host| (API.to_owned(), host)));
    }
    let mut doors: Vec<_> = table.iter().map(|door| (door.dialect, door.base_url.clone())).collect();
    // In no order there; told the same each time.
    doors.sort_by(|one, two| one.1.cmp(&two.1));
    Ok(Places { hosts, doors })
}
