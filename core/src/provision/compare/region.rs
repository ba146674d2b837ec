//! Regions, by code.

use super::Output;
use crate::provision::outcome::Noun;
use crate::provision::plan::Plan;
use crate::provision::prepared::Prepared;
use crate::provision::step::{Step, Words};
use crate::provision::world::World;
use doorward_model::Region;
use doorward_store::{Error, regions};

pub(super) fn compare(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    for (entry, id) in plan.regions.iter().zip(&prepared.regions) {
        world.plan_region(&entry.code);
        let mut words = Words::of(Noun::Region, entry.code.as_str());
        let stored = regions::find(world.tx, &entry.code)?;
        let fresh = || Region {
            id: *id,
            code: entry.code.clone(),
            name: entry.code.as_str().to_owned(),
            hosts: Vec::new(),
            version: 1,
        };
        let old = stored.clone().unwrap_or_else(fresh);
        let mut new = old.clone();
        if let Some(name) = &entry.name {
            new.name.clone_from(name);
        }
        if let Some(hosts) = &entry.hosts {
            new.hosts.clone_from(hosts);
        }
        if stored.is_none() {
            words.say(format!("{} hosts", new.hosts.len()));
            out.step(Step::Region(new), words.added());
            continue;
        }
        words.compare("name", &old.name, &new.name, |name| format!("{name:?}"));
        let show = |hosts: &Vec<(String, String)>| {
            let pairs: Vec<String> =
                hosts.iter().map(|(service, host)| format!("{service} {host}")).collect();
            super::list(&pairs)
        };
        words.compare("hosts", &old.hosts, &new.hosts, show);
        if words.has_any() {
            out.step(Step::Region(new), words.changed());
        }
    }
    Ok(())
}
