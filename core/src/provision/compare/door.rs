//! Doors, by name. One host, one door.

use super::{Output, list, quoted, yes};
use crate::provision::outcome::Noun;
use crate::provision::plan::{DoorPlan, Plan};
use crate::provision::prepared::Prepared;
use crate::provision::step::{Step, Words};
use crate::provision::world::World;
use doorward_model::{Door, DoorId, DoorSettings, RegionCode};
use doorward_store::{Error, doors};

pub(super) fn compare(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    let stored = doors::list(world.tx)?;
    for (index, (entry, id)) in plan.doors.iter().zip(&prepared.doors).enumerate() {
        let old = stored.iter().find(|door| door.name == entry.name);
        let Some(new) = wanted(world, index, entry, old, *id)? else { continue };
        let is_planned = |door: &Door| plan.doors.iter().any(|planned| planned.name == door.name);
        let holder = stored.iter().find(|door| door.host == new.host && !is_planned(door));
        if let Some(holder) = holder {
            let message = format!("the door {:?} has this host already", holder.name);
            world.refuse(Noun::Door, index, "host", message);
        }
        let mut words = Words::of(Noun::Door, entry.name.as_str());
        match old {
            None => {
                words.say(format!("{} at {}", new.dialect.as_str(), new.host));
                out.step(Step::Door(new), words.added());
            }
            Some(old) => {
                tell(&mut words, old, &new);
                if words.has_any() {
                    out.step(Step::Door(new), words.changed());
                }
            }
        }
    }
    Ok(())
}

fn wanted(
    world: &mut World<'_, '_>,
    index: usize,
    entry: &DoorPlan,
    old: Option<&Door>,
    id: DoorId,
) -> Result<Option<Door>, Error> {
    let tenant = match &entry.tenant {
        Some(slug) => match world.referred_tenant(slug, (Noun::Door, index, "tenant"))? {
            Some(tenant) => Some((tenant.pool, tenant.id)),
            None => return Ok(None),
        },
        None => old.and_then(|door| door.tenant),
    };
    if let Some(region) = &entry.region {
        world.check_region(region, (Noun::Door, index, "region"))?;
    }
    let said = old.map_or_else(DoorSettings::default, |door| door.settings.clone());
    Ok(Some(Door {
        id: old.map_or(id, |door| door.id),
        name: entry.name.clone(),
        host: entry.host.clone(),
        base_url: entry.base_url.clone(),
        dialect: entry.dialect,
        tenant,
        settings: DoorSettings {
            require_api_key: entry.require_api_key.unwrap_or(said.require_api_key),
            region: entry.region.clone().or(said.region),
            cookie_name: entry.cookie_name.clone().or(said.cookie_name),
            origins: entry.origins.clone().unwrap_or(said.origins),
        },
        version: old.map_or(1, |door| door.version),
    }))
}

fn tell(words: &mut Words, old: &Door, new: &Door) {
    words.compare("host", &old.host, &new.host, ToString::to_string);
    words.compare("base_url", &old.base_url, &new.base_url, String::clone);
    words.compare("dialect", &old.dialect, &new.dialect, |dialect| dialect.as_str().to_owned());
    if old.tenant != new.tenant {
        words.say("another tenant");
    }
    let (old, new) = (&old.settings, &new.settings);
    words.compare("require_api_key", &old.require_api_key, &new.require_api_key, yes);
    let code = |code: &Option<RegionCode>| quoted(&code.as_ref().map(|code| code.as_str().to_owned()));
    words.compare("region", &old.region, &new.region, code);
    words.compare("cookie_name", &old.cookie_name, &new.cookie_name, quoted);
    words.compare("origins", &old.origins, &new.origins, |origins| list(origins));
}
