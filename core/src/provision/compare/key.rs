//! Access keys, by name, or without one by person, tenant and label.

use super::{Output, yes};
use crate::access_keys::limits;
use crate::cells::{Kind, said_elsewhere};
use crate::provision::outcome::{Generated, Noun};
use crate::provision::plan::{KeyPlan, Plan};
use crate::provision::prepared::{ForKey, Prepared};
use crate::provision::step::{Step, Words};
use crate::provision::world::{Planned, World};
use doorward_model::{AccessKey, RateLimit, Tenant, Timestamp};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::{Error, lookup};

pub(super) fn compare(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    for (index, (entry, ready)) in plan.keys.iter().zip(&prepared.keys).enumerate() {
        let Some(tenant) = world.referred_tenant(&entry.tenant, (Noun::Key, index, "tenant"))? else {
            continue;
        };
        world.ask(Noun::Key, index, None, limits::label(&entry.label));
        world.ask(Noun::Key, index, None, limits::rate(entry.rate));
        let Some(owner) = world.person(tenant.pool, &entry.person)? else {
            let message = format!("nobody in the tree of {} has this e-mail", entry.tenant);
            world.refuse(Noun::Key, index, "person", message);
            continue;
        };
        match find(world, entry, &owner, &tenant)? {
            Some(stored) if stored.key.person != owner.person.id || stored.key.tenant != tenant.id => {
                world.refuse(Noun::Key, index, "name", "somebody else's key has this name");
            }
            Some(stored) => change(entry, ready, &owner, stored, out),
            None => {
                let elsewhere = match &entry.name {
                    Some(name) => world.key_elsewhere(&tenant, name)?,
                    None => None,
                };
                if let Some(cell) = elsewhere {
                    world.refuse(Noun::Key, index, "name", said_elsewhere(Kind::AccessKey, &cell));
                    continue;
                }
                // A key that is over may stay in the file; making one is a mistake.
                let ruled = limits::expiry(entry.expires_at, prepared.now);
                world.ask(Noun::Key, index, Some("expires"), ruled);
                add(entry, ready, prepared, &owner, &tenant, out);
            }
        }
    }
    Ok(())
}

fn find(
    world: &mut World<'_, '_>,
    entry: &KeyPlan,
    owner: &Planned,
    tenant: &Tenant,
) -> Result<Option<StoredAccessKey>, Error> {
    if let Some(name) = &entry.name {
        return match lookup::access_keys::find(world.tx, name)? {
            Some((pool, id)) => world.tx.in_pool(pool, |tx| access_keys::find(tx, id)),
            None => Ok(None),
        };
    }
    let held = world.tx.in_pool(tenant.pool, |tx| access_keys::list_by_person(tx, owner.person.id))?;
    Ok(held.into_iter().find(|held| held.key.tenant == tenant.id && held.key.label == entry.label))
}

fn add(
    entry: &KeyPlan,
    ready: &ForKey,
    prepared: &Prepared,
    owner: &Planned,
    tenant: &Tenant,
    out: &mut Output,
) {
    let key = AccessKey {
        id: ready.id,
        pool: tenant.pool,
        person: owner.person.id,
        tenant: tenant.id,
        name: ready.name.clone(),
        label: entry.label.clone(),
        rate: entry.rate,
        disabled: entry.disabled.unwrap_or(false),
        expires_at: entry.expires_at,
        previous_until: None,
        version: 1,
        created_at: prepared.now,
        last_used_at: None,
    };
    let mut words = words(entry);
    if entry.name.is_some() {
        words.say(format!("name {}", key.name.as_str()));
    }
    if entry.secret.is_none() {
        out.generated.push(Generated {
            noun: Noun::Key,
            name: format!("{} of {}", entry.label, entry.person),
            secret_name: "secret_key",
            public: Some(("access_key", key.name.as_str().to_owned())),
            secret: ready.secret.secret.clone(),
        });
    }
    let stored = StoredAccessKey {
        key,
        secret_hash: ready.given.first().copied().unwrap_or(ready.secret.hash),
        previous_hash: None,
        generation: owner.person.auth_generation,
    };
    out.step(Step::AddKey(stored), words.added());
}

fn change(entry: &KeyPlan, ready: &ForKey, owner: &Planned, stored: StoredAccessKey, out: &mut Output) {
    let old = &stored.key;
    let new = AccessKey {
        label: entry.label.clone(),
        rate: entry.rate.or(old.rate),
        disabled: entry.disabled.unwrap_or(old.disabled),
        expires_at: entry.expires_at.or(old.expires_at),
        ..old.clone()
    };
    let mut words = words(entry);
    words.compare("label", &old.label, &new.label, |label| format!("{label:?}"));
    words.compare("rate", &old.rate, &new.rate, |rate| rate.map_or("the tenant's".to_owned(), show_rate));
    words.compare("disabled", &old.disabled, &new.disabled, yes);
    words.compare("expires", &old.expires_at, &new.expires_at, |at| at.map_or("never".to_owned(), show_time));
    let another_secret = ready.given.first().filter(|_| !ready.given.contains(&stored.secret_hash)).copied();
    if another_secret.is_some() {
        words.say("another secret");
    }
    if !words.has_any() {
        return;
    }
    let is_kept = owner.kept_generation == Some(stored.generation);
    let key = StoredAccessKey {
        secret_hash: another_secret.unwrap_or(stored.secret_hash),
        // A secret that was replaced by hand is not good for a while longer, as a rotated one is.
        previous_hash: stored.previous_hash.filter(|_| another_secret.is_none()),
        generation: if is_kept { owner.person.auth_generation } else { stored.generation },
        key: AccessKey { previous_until: old.previous_until.filter(|_| another_secret.is_none()), ..new },
    };
    out.step(Step::Key(key), words.changed());
}

fn words(entry: &KeyPlan) -> Words {
    Words::of(Noun::Key, format!("{} of {} in {}", entry.label, entry.person, entry.tenant))
}

fn show_rate(rate: RateLimit) -> String {
    format!("{} in {} ms", rate.calls, rate.window.as_millis())
}

fn show_time(at: Timestamp) -> String {
    at.civil().to_string()
}
