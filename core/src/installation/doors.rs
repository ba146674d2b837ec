//! Doors one by one: seen by who may, made, changed and taken away by operators.

use super::{house_only, taken};
use crate::below::{Below, Keyed};
use crate::manage::Scope;
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, expected, tenants};
use doorward_model::{
    Dialect, Door, DoorId, DoorSettings, Event, EventKind, HostPattern, TenantId, is_base_url, is_origin,
};
use doorward_store::{doors, events, regions};

/// A door's name stands in a line.
const NAME_CHARS: usize = 100;
/// More than any address of a site has.
const URL_CHARS: usize = 500;
/// RFC 6265 sets no bound; browsers keep 4 KiB for name and value together.
const COOKIE_NAME_CHARS: usize = 64;
/// Pages of so many sites, each an origin.
const ORIGINS: usize = 100;

/// What a door is to be.
#[derive(Clone, Debug)]
pub struct DoorWish {
    /// What people read; each once.
    pub name: String,
    /// Which hosts lead here; no other door has it.
    pub host: HostPattern,
    /// What printed URLs begin with; it holds `{slug}` where the host does.
    pub base_url: String,
    /// What is spoken.
    pub dialect: Dialect,
    /// The one tenant behind it.
    pub tenant: Option<TenantId>,
    /// The rest.
    pub settings: DoorSettings,
}

/// Every door behind one, in the order in which they were made, at most `rows`. For operators.
pub async fn list_doors(
    core: &Core,
    actor: &Actor,
    after: Option<DoorId>,
    rows: usize,
) -> Result<Keyed<Door, DoorId>> {
    house_only(actor, Scope::DoorsRead)?;
    Ok(behind(core.db().read_house(doors::list).await?, after, rows))
}

/// The doors that lead to a tenant or to one below it, as [`list_doors`]: those that are bound to one of them or to one
/// above, and those that are bound to none. For administrators of the tenant.
pub async fn list_doors_to(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    after: Option<DoorId>,
    rows: usize,
) -> Result<Keyed<Door, DoorId>> {
    actor.administers(branch)?;
    // Few, and in memory anyway.
    let all: Vec<Door> = core.doors().iter().map(|door| Door::clone(door)).collect();
    let branch = branch.clone();
    let leading = core.db().read(branch.pool(), move |tx| {
        let mut below = Below::new(&branch);
        let mut leading = Vec::new();
        for door in &all {
            let leads = match door.tenant {
                None => true,
                Some((pool, _)) if pool != branch.pool() => false,
                Some((_, tenant)) => branch.contains(tenant) || below.contains(tx, Some(tenant))?,
            };
            leading.extend(leads.then(|| door.clone()));
        }
        Ok(leading)
    });
    Ok(behind(leading.await?, after, rows))
}

/// One door. For operators; [`Error::NotFound`] for an unknown id.
pub async fn door(core: &Core, actor: &Actor, id: DoorId) -> Result<Door> {
    house_only(actor, Scope::DoorsRead)?;
    core.db().read_house(move |tx| doors::find(tx, id)).await?.ok_or(Error::NotFound)
}

/// Makes a door and opens it at once.
///
/// Errors: [`Error::NotAllowed`] for who is no operator; [`Error::Invalid`] for what no door can be; [`Error::Conflict`] for a
/// name or host that another door has.
pub async fn create_door(core: &Core, caller: &Caller, actor: &Actor, wish: DoorWish) -> Result<Door> {
    house_only(actor, Scope::DoorsWrite)?;
    let id = DoorId::new(core.uuid(core.now())?);
    write(core, caller, actor, id, wish, Writing::New).await
}

/// Makes a door another one than it was, at once.
///
/// Errors: as [`create_door`]; [`Error::NotFound`] for an unknown id; [`Error::Conflict`] of the field `version` where another is
/// there than the one expected.
pub async fn change_door(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    id: DoorId,
    wish: DoorWish,
    expected: Expected,
) -> Result<Door> {
    house_only(actor, Scope::DoorsWrite)?;
    write(core, caller, actor, id, wish, Writing::Known(expected)).await
}

/// Takes a door away: nobody is let in there any more. What was opened there lives on elsewhere.
///
/// Errors: [`Error::NotAllowed`] for who is no operator; [`Error::NotFound`] for an unknown id; [`Error::Conflict`] of the field
/// `version` where another is there than the one expected.
pub async fn remove_door(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    id: DoorId,
    expected: Expected,
) -> Result<Door> {
    house_only(actor, Scope::DoorsWrite)?;
    let event = core.event(caller, EventKind::DoorRemoved, core.now())?;
    let event = Event { actor: Some(actor.name()), ..event };
    let removed = core.db().write_house(move |tx| {
        let Some(door) = doors::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
        if let Err(stale) = expected::check(expected, door.version) {
            return Ok(Err(stale));
        }
        doors::delete(tx, &door.name)?;
        events::insert(tx, &Event { detail: Some(described(&door)), ..event.clone() })?;
        Ok(Ok(door))
    });
    let removed = removed.await??;
    core.load_doors().await?;
    Ok(removed)
}

#[derive(Clone, Copy)]
enum Writing {
    New,
    Known(Expected),
}

async fn write(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    id: DoorId,
    wish: DoorWish,
    writing: Writing,
) -> Result<Door> {
    check(core, &wish)?;
    let tenant = match wish.tenant {
        None => None,
        Some(tenant) => {
            let unknown = || Error::invalid("tenant", "there is no such tenant");
            let branch = tenants::reached(core, actor, tenant).await;
            let branch = branch.map_err(|it| if matches!(it, Error::NotFound) { unknown() } else { it })?;
            Some((branch.pool(), tenant))
        }
    };
    let DoorWish { name, host, base_url, dialect, tenant: _, settings } = wish;
    let door = Door { id, name, host, base_url, dialect, tenant, settings, version: 1 };
    let event = core.event(caller, EventKind::DoorSet, core.now())?;
    let event = Event { actor: Some(actor.name()), detail: Some(described(&door)), ..event };
    let done = core.db().write_house(move |tx| {
        let mut written = door.clone();
        if let Writing::Known(expected) = writing {
            let Some(known) = doors::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
            if let Err(stale) = expected::check(expected, known.version) {
                return Ok(Err(stale));
            }
            written.version = known.version + 1;
        }
        if let Some(code) = &written.settings.region
            && regions::find(tx, code)?.is_none()
        {
            return Ok(Err(Error::invalid("region", "there is no such region")));
        }
        match writing {
            Writing::New => doors::insert(tx, &written)?,
            Writing::Known(_) => doors::update(tx, &written)?,
        }
        events::insert(tx, &event)?;
        Ok(Ok(written))
    });
    let door =
        done.await.map_err(|fault| taken(fault, "host", "another door has this host or this name"))??;
    core.load_doors().await?;
    Ok(door)
}

fn check(core: &Core, wish: &DoorWish) -> Result<()> {
    let DoorWish { name, host, base_url, dialect: _, tenant: _, settings } = wish;
    let is_line = |text: &str, most| {
        !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    if !is_line(name, NAME_CHARS) {
        return Err(Error::invalid("name", format!("expected a line of at most {NAME_CHARS} characters")));
    }
    if core.settings().public_url.host_str().is_some_and(|own| host.matches(own).is_some()) {
        return Err(Error::invalid("host", "Doorward's own pages are at this host"));
    }
    if !is_base_url(base_url) || base_url.chars().count() > URL_CHARS {
        return Err(Error::invalid("base_url", "expected http:// or https:// and a host, without query"));
    }
    if matches!(host, HostPattern::Slug { .. }) != base_url.contains("{slug}") {
        return Err(Error::invalid("base_url", "expected {slug} in both host and base_url, or in neither"));
    }
    if settings.cookie_name.as_deref().is_some_and(|name| !is_cookie_name(name)) {
        let expected = format!("expected 1 to {COOKIE_NAME_CHARS} letters, digits, hyphens or underscores");
        return Err(Error::invalid("cookie_name", expected));
    }
    if settings.origins.len() > ORIGINS || !settings.origins.iter().all(|origin| is_origin(origin)) {
        let expected = format!("expected at most {ORIGINS} origins like https://app.example.com");
        return Err(Error::invalid("origins", expected));
    }
    Ok(())
}

fn is_cookie_name(name: &str) -> bool {
    (1..=COOKIE_NAME_CHARS).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn described(door: &Door) -> String {
    format!("{} at {}", door.name, door.host)
}

fn behind(mut doors: Vec<Door>, after: Option<DoorId>, rows: usize) -> Keyed<Door, DoorId> {
    doors.retain(|door| after.is_none_or(|after| door.id > after));
    doors.sort_by_key(|door| door.id);
    Keyed::of(doors, rows, |door| door.id)
}
