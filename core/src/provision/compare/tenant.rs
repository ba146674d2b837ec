//! Tenants, by slug: parents before children, whatever their order in the file.

use super::{Output, quoted};
use crate::cells::said_elsewhere;
use crate::provision::outcome::Noun;
use crate::provision::plan::{Plan, TenantPlan, lay_facts, lay_over};
use crate::provision::prepared::Prepared;
use crate::provision::step::{Step, Words};
use crate::provision::world::World;
use crate::tenants::{check_name, check_policy};
use doorward_model::{CompanyNumber, PoolId, RegionCode, Slug, Tenant, TenantId, TenantStatus};
use doorward_store::directory::{self, Name};
use doorward_store::{Error, lookup, tenants};

pub(super) fn compare(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    let mut waiting: Vec<usize> = (0..plan.tenants.len()).collect();
    // Each round settles at least one level of the tree, so a round that settles nothing is the last.
    loop {
        let mut later = Vec::new();
        for index in &waiting {
            let Some(entry) = plan.tenants.get(*index) else { continue };
            let is_waited_for =
                |other: &usize| plan.tenants.get(*other).map(|it| &it.slug) == entry.parent.as_ref();
            let must_wait = match &entry.parent {
                Some(parent) => waiting.iter().any(is_waited_for) && world.tenant(parent)?.is_none(),
                None => false,
            };
            if must_wait { later.push(*index) } else { settle(world, plan, prepared, *index, out)? }
        }
        if later.is_empty() {
            return Ok(());
        }
        if later.len() == waiting.len() {
            for index in later {
                world.refuse(Noun::Tenant, index, "parent", "these tenants are each other's parents");
            }
            return Ok(());
        }
        waiting = later;
    }
}

fn settle(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    index: usize,
    out: &mut Output,
) -> Result<(), Error> {
    let (Some(entry), Some(id)) = (plan.tenants.get(index), prepared.tenants.get(index)) else {
        return Ok(());
    };
    let parent = match &entry.parent {
        Some(slug) => match world.referred_tenant(slug, (Noun::Tenant, index, "parent"))? {
            Some(parent) => Some(parent),
            None => return Ok(()),
        },
        None => None,
    };
    if let Some(region) = &entry.region {
        world.check_region(region, (Noun::Tenant, index, "region"))?;
    }
    world.ask(Noun::Tenant, index, None, entry.display_name.as_deref().map_or(Ok(()), check_name));
    world.ask(Noun::Tenant, index, Some("policy"), check_policy(&entry.policy));
    match world.tenant(&entry.slug)? {
        Some(stored) => change(world, index, entry, &stored, parent, out),
        None => add(world, plan, prepared, index, *id, parent, out),
    }
}

fn add(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    index: usize,
    id: TenantId,
    parent: Option<Tenant>,
    out: &mut Output,
) -> Result<(), Error> {
    let Some(entry) = plan.tenants.get(index) else { return Ok(()) };
    let number = match entry.number {
        Some(chosen) => Some(chosen),
        None => {
            let chosen = plan.tenants.iter().filter_map(|tenant| tenant.number).collect();
            world.next_company(&chosen)?
        }
    };
    let Some(number) = number else {
        world.refuse(Noun::Tenant, index, "number", "all company numbers are used up");
        return Ok(());
    };
    if lookup::companies::find(world.tx, number)?.is_some() {
        world.refuse(Noun::Tenant, index, "number", format!("another tenant has the number {number}"));
        return Ok(());
    }
    check_cells(world, index, &entry.slug, number)?;
    check_region_place(world, index, entry, parent.is_none());
    if let Some(parent) = &parent {
        check_depth(world, index, parent, 1)?;
    }
    let tenant = Tenant {
        id,
        pool: parent.as_ref().map_or(PoolId::of_root(id), |parent| parent.pool),
        parent: parent.as_ref().map(|parent| parent.id),
        slug: entry.slug.clone(),
        number,
        display_name: entry.display_name.clone().unwrap_or_else(|| entry.slug.to_string()),
        status: entry.status.unwrap_or(TenantStatus::Active),
        region: entry.region.clone(),
        policy: entry.policy.clone(),
        profile: entry.profile.clone(),
        auth_generation: 1,
        version: 1,
        created_at: prepared.now,
        modified_at: prepared.now,
    };
    let mut words = Words::of(Noun::Tenant, entry.slug.as_str());
    words.say(format!("number {number}"));
    if let Some(parent) = &parent {
        words.say(format!("below {}", parent.slug));
    }
    out.step(Step::AddTenant(tenant.clone()), words.added());
    world.plan_tenant(tenant);
    Ok(())
}

fn change(
    world: &mut World<'_, '_>,
    index: usize,
    entry: &TenantPlan,
    stored: &Tenant,
    parent: Option<Tenant>,
    out: &mut Output,
) -> Result<(), Error> {
    if stored.status == TenantStatus::Deleted {
        world.refuse(Noun::Tenant, index, "slug", "a deleted tenant keeps this slug; choose another");
        return Ok(());
    }
    if entry.number.is_some_and(|number| number != stored.number) {
        let message = format!("its number is {} and never changes", stored.number);
        world.refuse(Noun::Tenant, index, "number", message);
    }
    check_region_place(world, index, entry, stored.parent.is_none());
    if let Some(parent) = &parent {
        check_move(world, index, stored, parent)?;
    }
    let mut new = stored.clone();
    new.parent = parent.as_ref().map(|parent| parent.id).or(stored.parent);
    if let Some(name) = &entry.display_name {
        new.display_name.clone_from(name);
    }
    new.status = entry.status.unwrap_or(stored.status);
    new.region = entry.region.clone().or_else(|| stored.region.clone());
    if new.region != stored.region && new.region == directory::cell(world.tx)? {
        check_cells(world, index, &stored.slug, stored.number)?;
    }
    lay_over(&mut new.policy, &entry.policy);
    lay_facts(&mut new.profile, &entry.profile);
    let words = tell(stored, &new, parent.as_ref());
    if words.has_any() {
        let moved = new.parent != stored.parent;
        let closes = new.status == TenantStatus::Suspended && stored.status != TenantStatus::Suspended;
        let step = Step::Tenant { tenant: new.clone(), ends_sessions: closes, was: stored.status, moved };
        out.step(step, words.changed());
    }
    world.plan_tenant(new);
    Ok(())
}

/// What another cell has is made by nobody here.
fn check_cells(
    world: &mut World<'_, '_>,
    index: usize,
    slug: &Slug,
    number: CompanyNumber,
) -> Result<(), Error> {
    for (field, name) in [("slug", Name::slug(slug)), ("number", Name::company(number))] {
        if let Some(cell) = directory::holder(world.tx, &name)? {
            world.refuse(Noun::Tenant, index, field, said_elsewhere(name.kind(), &cell));
        }
    }
    Ok(())
}

fn check_region_place(world: &mut World<'_, '_>, index: usize, entry: &TenantPlan, is_root: bool) {
    if entry.region.is_some() && !is_root {
        let message = "only the top of a tree has a region; everything below lives there too";
        world.refuse(Noun::Tenant, index, "region", message);
    }
}

fn check_move(
    world: &mut World<'_, '_>,
    index: usize,
    stored: &Tenant,
    parent: &Tenant,
) -> Result<(), Error> {
    if stored.pool != parent.pool {
        let message = "this tenant belongs to another tree and cannot move out of it";
        world.refuse(Noun::Tenant, index, "parent", message);
    } else if world.branch(parent)?.iter().any(|node| node.id == stored.id) {
        world.refuse(Noun::Tenant, index, "parent", "a tenant cannot be below itself");
    } else if stored.parent != Some(parent.id) {
        let (pool, id) = (stored.pool, stored.id);
        let below = world.tx.in_pool(pool, |tx| tenants::list_subtree(tx, id))?;
        check_depth(world, index, parent, height(&below, id))?;
    }
    Ok(())
}

/// How many levels a subtree has; parents stand before children in it.
fn height(subtree: &[Tenant], top: TenantId) -> usize {
    let mut levels = vec![(top, 1)];
    for node in subtree.iter().filter(|node| node.id != top) {
        let above = levels.iter().find(|(id, _)| Some(*id) == node.parent).map_or(0, |(_, level)| *level);
        levels.push((node.id, above + 1));
    }
    levels.iter().map(|(_, level)| *level).max().unwrap_or(1)
}

fn check_depth(world: &mut World<'_, '_>, index: usize, parent: &Tenant, height: usize) -> Result<(), Error> {
    if world.branch(parent)?.len() + height > tenants::MAX_DEPTH {
        world.refuse(Noun::Tenant, index, "parent", "the tree would be too deep");
    }
    Ok(())
}

fn tell(old: &Tenant, new: &Tenant, parent: Option<&Tenant>) -> Words {
    let mut words = Words::of(Noun::Tenant, new.slug.as_str());
    if old.parent != new.parent {
        words.say(format!("moves below {}", parent.map_or("the top", |parent| parent.slug.as_str())));
    }
    words.compare("display_name", &old.display_name, &new.display_name, |name| format!("{name:?}"));
    words.compare("status", &old.status, &new.status, |status| status.as_str().to_owned());
    let code = |code: &Option<RegionCode>| quoted(&code.as_ref().map(|code| code.as_str().to_owned()));
    words.compare("region", &old.region, &new.region, code);
    if old.policy != new.policy {
        words.say("policy changed");
    }
    for (name, value) in &new.profile {
        let before = old.profile.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        words.compare(&format!("profile.{name}"), &before, &Some(value.clone()), quoted);
    }
    words
}
