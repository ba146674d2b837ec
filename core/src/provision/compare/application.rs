//! Applications, by `app_id`, or without one by tenant and name.

use super::{Output, list, yes};
use crate::applications::NO_UUID;
use crate::provision::outcome::{Generated, Noun};
use crate::provision::plan::{ApplicationPlan, KeyWish, Plan};
use crate::provision::prepared::{ForApplication, Prepared};
use crate::provision::step::{Step, Words};
use crate::provision::world::World;
use doorward_model::{Application, Tenant};
use doorward_store::applications::{self, StoredApplication};
use doorward_store::{Error, lookup};

pub(super) fn compare(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    for (index, (entry, ready)) in plan.applications.iter().zip(&prepared.applications).enumerate() {
        let field = (Noun::Application, index, "tenant");
        let Some(tenant) = world.referred_tenant(&entry.tenant, field)? else { continue };
        match find(world, entry, &tenant)? {
            Some(stored) if stored.application.tenant != tenant.id => {
                let message = "another tenant's application has this app_id";
                world.refuse(Noun::Application, index, "app_id", message);
            }
            Some(stored) => change(world, index, entry, ready, &stored, out)?,
            None => add(world, index, entry, ready, &tenant, prepared, out)?,
        }
    }
    Ok(())
}

fn find(
    world: &mut World<'_, '_>,
    entry: &ApplicationPlan,
    tenant: &Tenant,
) -> Result<Option<StoredApplication>, Error> {
    if let Some(app_id) = &entry.app_id {
        return match lookup::app_ids::find(world.tx, app_id)? {
            Some((pool, id)) => world.tx.in_pool(pool, |tx| applications::find(tx, id)),
            None => Ok(None),
        };
    }
    let stored = world.tx.in_pool(tenant.pool, applications::list)?;
    let is_it = |application: &Application| application.tenant == tenant.id && application.name == entry.name;
    Ok(stored.into_iter().find(|stored| is_it(&stored.application)))
}

fn add(
    world: &mut World<'_, '_>,
    index: usize,
    entry: &ApplicationPlan,
    ready: &ForApplication,
    tenant: &Tenant,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    let key = match &entry.key {
        Some(KeyWish::None) => None,
        Some(KeyWish::Given(_)) => ready.given.first().copied(),
        Some(KeyWish::Generated) | None => Some(ready.key.hash),
    };
    check_key(world, index, ready, None)?;
    if ready.app_id.is_uuid() {
        world.refuse(Noun::Application, index, "app_id", NO_UUID);
    }
    let application = Application {
        id: ready.id,
        pool: tenant.pool,
        tenant: tenant.id,
        name: entry.name.clone(),
        app_id: ready.app_id.clone(),
        has_key: key.is_some(),
        trusted_server: entry.trusted_server.unwrap_or(false),
        origins: entry.origins.clone().unwrap_or_default(),
        disabled: entry.disabled.unwrap_or(false),
        version: 1,
        created_at: prepared.now,
        last_used_at: None,
    };
    let mut words = words(entry);
    if entry.app_id.is_some() {
        words.say(format!("app_id {}", application.app_id.as_str()));
    }
    words.say(if key.is_some() { "with a key" } else { "without a key" });
    if matches!(entry.key, Some(KeyWish::Generated) | None) {
        out.generated.push(generated(entry, ready, &application));
    }
    out.step(Step::AddApplication { application, key }, words.added());
    Ok(())
}

fn change(
    world: &mut World<'_, '_>,
    index: usize,
    entry: &ApplicationPlan,
    ready: &ForApplication,
    stored: &StoredApplication,
    out: &mut Output,
) -> Result<(), Error> {
    let old = &stored.application;
    let new = Application {
        name: entry.name.clone(),
        trusted_server: entry.trusted_server.unwrap_or(old.trusted_server),
        origins: entry.origins.clone().unwrap_or_else(|| old.origins.clone()),
        disabled: entry.disabled.unwrap_or(old.disabled),
        ..old.clone()
    };
    let mut words = words(entry);
    words.compare("name", &old.name, &new.name, |name| format!("{name:?}"));
    words.compare("trusted_server", &old.trusted_server, &new.trusted_server, yes);
    words.compare("origins", &old.origins, &new.origins, |origins| list(origins));
    words.compare("disabled", &old.disabled, &new.disabled, yes);
    if words.has_any() {
        out.step(Step::Application(new), words.changed());
    }
    let key = match (&entry.key, stored.key_hash) {
        (Some(KeyWish::Given(_)), Some(known)) if ready.given.contains(&known) => return Ok(()),
        (Some(KeyWish::Given(_)), _) => ready.given.first().copied(),
        (Some(KeyWish::Generated), None) => Some(ready.key.hash),
        (Some(KeyWish::None), Some(_)) => None,
        (Some(KeyWish::Generated), Some(_)) | (Some(KeyWish::None), None) | (None, _) => return Ok(()),
    };
    check_key(world, index, ready, Some(stored))?;
    let mut words = self::words(entry);
    words.say(if key.is_some() { "another key" } else { "no key any more" });
    if matches!(entry.key, Some(KeyWish::Generated)) {
        out.generated.push(generated(entry, ready, old));
    }
    out.step(Step::ApplicationKey { stored: stored.clone(), key }, words.changed());
    Ok(())
}

/// A key names its application, so two cannot have the same one.
fn check_key(
    world: &mut World<'_, '_>,
    index: usize,
    ready: &ForApplication,
    own: Option<&StoredApplication>,
) -> Result<(), Error> {
    for hash in &ready.given {
        let holder = lookup::application_keys::find(world.tx, hash)?.map(|(_, id)| id);
        if holder.is_some() && holder != own.map(|own| own.application.id) {
            world.refuse(Noun::Application, index, "key", "another application has this key");
        }
    }
    Ok(())
}

fn words(entry: &ApplicationPlan) -> Words {
    Words::of(Noun::Application, format!("{} in {}", entry.name, entry.tenant))
}

fn generated(entry: &ApplicationPlan, ready: &ForApplication, application: &Application) -> Generated {
    Generated {
        noun: Noun::Application,
        name: format!("{} in {}", entry.name, entry.tenant),
        secret_name: "app_key",
        public: Some(("app_id", application.app_id.as_str().to_owned())),
        secret: ready.key.secret.clone(),
    }
}
