//! People, by pool and e-mail, with their places and how they get a password.

use super::{Output, quoted};
use crate::memberships::check_role;
use crate::people::Edit;
use crate::provision::outcome::{Generated, Noun};
use crate::provision::plan::{PasswordWish, PersonPlan, PlacePlan, Plan, lay_facts};
use crate::provision::prepared::{ForPerson, Prepared};
use crate::provision::step::{Step, Words};
use crate::provision::world::{Planned, World};
use doorward_model::{
    EffectivePolicy, Language, Membership, NotificationSettings, Person, PersonStatus, Profile, Purpose,
    Tenant, Verified, password,
};
use doorward_store::{Error, memberships, people, tickets};
use std::iter::{once, repeat};

pub(super) fn compare(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    for (index, (entry, ready)) in plan.people.iter().zip(&prepared.people).enumerate() {
        let Some(tenants) = tenants(world, index, entry)? else { continue };
        let Some(home) = tenants.first() else { continue };
        world.ask(Noun::Person, index, None, names(entry).check());
        for (place, field) in entry.places.iter().zip(once("role").chain(repeat("membership"))) {
            world.ask(Noun::Person, index, Some(field), check_role(place.kind, place.role));
        }
        let known = world.person(home.pool, &entry.email)?;
        let is_new = known.is_none();
        let planned = match known {
            Some(known) => change(entry, known, out),
            None => add(world, index, entry, ready, prepared, home, out)?,
        };
        let Some(mut planned) = planned else { continue };
        give_password(world, (index, entry, ready), prepared, &mut planned, home, is_new, out)?;
        for ((place, tenant), id) in entry.places.iter().zip(&tenants).zip(&ready.places) {
            let membership = Membership {
                id: *id,
                person: planned.person.id,
                tenant: tenant.id,
                kind: place.kind,
                role: place.role,
                standing: place.standing.clone(),
                version: 1,
                created_at: prepared.now,
            };
            give_place(world, entry, place, tenant, membership, is_new, out)?;
        }
        world.plan_person(planned);
    }
    Ok(())
}

/// What the rule about names and facts is asked with.
fn names(entry: &PersonPlan) -> Edit {
    Edit {
        first_name: entry.first_name.clone(),
        last_name: entry.last_name.clone(),
        known_as: entry.known_as.clone(),
        extra: entry.extra.clone(),
        ..Edit::default()
    }
}

/// The tenants of the places; `None` when one is missing or they are not of one tree.
fn tenants(
    world: &mut World<'_, '_>,
    index: usize,
    entry: &PersonPlan,
) -> Result<Option<Vec<Tenant>>, Error> {
    let mut found = Vec::new();
    for place in &entry.places {
        let field = if found.is_empty() { "tenant" } else { "membership" };
        let Some(tenant) = world.referred_tenant(&place.tenant, (Noun::Person, index, field))? else {
            return Ok(None);
        };
        found.push(tenant);
    }
    let pool = found.first().map(|tenant| tenant.pool);
    if let Some(stranger) = found.iter().find(|tenant| Some(tenant.pool) != pool) {
        let message = format!("{} belongs to another tree; a person has places in one", stranger.slug);
        world.refuse(Noun::Person, index, "membership", message);
        return Ok(None);
    }
    Ok(Some(found))
}

fn add(
    world: &mut World<'_, '_>,
    index: usize,
    entry: &PersonPlan,
    ready: &ForPerson,
    prepared: &Prepared,
    home: &Tenant,
    out: &mut Output,
) -> Result<Option<Planned>, Error> {
    let Some(number) = world.next_person(home.pool)? else {
        world.refuse(Noun::Person, index, "email", "all person numbers of this tree are used up");
        return Ok(None);
    };
    let person = Person {
        id: ready.id,
        pool: home.pool,
        home: home.id,
        number,
        email: entry.email.clone(),
        profile: Profile {
            first_name: entry.first_name.clone(),
            last_name: entry.last_name.clone(),
            known_as: entry.known_as.clone(),
            extra: entry.extra.clone(),
        },
        status: if entry.disabled == Some(true) { PersonStatus::Inactive } else { PersonStatus::Active },
        verified: entry.verified.unwrap_or(Verified::No),
        password_reset_required: true,
        notifications: NotificationSettings {
            instant: entry.sign_in_mails.unwrap_or(false),
            ..NotificationSettings::default()
        },
        language: entry.language,
        feed_generation: 1,
        auth_generation: 1,
        version: 1,
        created_at: prepared.now,
        modified_at: prepared.now,
    };
    let mut words = words(entry);
    words.say(format!("number {number}"));
    for place in &entry.places {
        words.say(format!("{} {} in {}", place.kind.as_str(), place.role.as_str(), place.tenant));
    }
    match &entry.password {
        PasswordWish::None => {}
        PasswordWish::Given(_) => words.say("with a password"),
        PasswordWish::Generated => words.say("with a generated password"),
        PasswordWish::Invited => words.say("invited by mail"),
    }
    out.step(Step::AddPerson(person.clone()), words.added());
    Ok(Some(Planned { person, kept_generation: None }))
}

fn change(entry: &PersonPlan, known: Planned, out: &mut Output) -> Option<Planned> {
    let old = &known.person;
    let mut new = old.clone();
    let names = [
        (&mut new.profile.first_name, &entry.first_name),
        (&mut new.profile.last_name, &entry.last_name),
        (&mut new.profile.known_as, &entry.known_as),
    ];
    for (name, said) in names {
        if said.is_some() {
            name.clone_from(said);
        }
    }
    lay_facts(&mut new.profile.extra, &entry.extra);
    new.status = match entry.disabled {
        Some(true) => PersonStatus::Inactive,
        Some(false) => PersonStatus::Active,
        None => old.status,
    };
    new.verified = entry.verified.unwrap_or(old.verified);
    new.notifications.instant = entry.sign_in_mails.unwrap_or(old.notifications.instant);
    new.language = entry.language.or(old.language);
    let words = tell(entry, old, &new);
    let ended = new.status == PersonStatus::Inactive && old.status != PersonStatus::Inactive;
    if words.has_any() {
        out.step(Step::Person { person: new.clone(), ended, was: old.status }, words.changed());
    }
    if ended {
        new.auth_generation += 1;
    }
    Some(Planned { person: new, kept_generation: known.kept_generation })
}

fn tell(entry: &PersonPlan, old: &Person, new: &Person) -> Words {
    let mut words = words(entry);
    let (before, after) = (&old.profile, &new.profile);
    words.compare("first_name", &before.first_name, &after.first_name, quoted);
    words.compare("last_name", &before.last_name, &after.last_name, quoted);
    words.compare("known_as", &before.known_as, &after.known_as, quoted);
    for (name, value) in &after.extra {
        let known = before.extra(name).map(str::to_owned);
        words.compare(&format!("extra.{name}"), &known, &Some(value.clone()), quoted);
    }
    words.compare("status", &old.status, &new.status, |status| status.as_str().to_owned());
    words.compare("verified", &old.verified, &new.verified, |verified| verified.as_str().to_owned());
    let (before, after) = (old.notifications.instant, new.notifications.instant);
    words.compare("sign_in_mails", &before, &after, super::yes);
    words.compare("language", &old.language, &new.language, |language| {
        language.map_or("the tenant's", Language::as_str).to_owned()
    });
    words
}

/// Who has a password keeps it, unless the entry says `set_password`.
fn give_password(
    world: &mut World<'_, '_>,
    (index, entry, ready): (usize, &PersonPlan, &ForPerson),
    prepared: &Prepared,
    planned: &mut Planned,
    home: &Tenant,
    is_new: bool,
    out: &mut Output,
) -> Result<(), Error> {
    let person = planned.person.clone();
    let pool = person.pool;
    let has_one = !is_new && world.tx.in_pool(pool, |tx| people::find_password(tx, person.id))?.is_some();
    match &entry.password {
        PasswordWish::None => return Ok(()),
        PasswordWish::Invited => {
            let open = |tx: &mut doorward_store::Tx<'_>| {
                tickets::list_open(tx, person.id, Purpose::Invitation, prepared.now, prepared.epoch)
            };
            if has_one || (!is_new && !world.tx.in_pool(pool, open)?.is_empty()) {
                return Ok(());
            }
            let step = Step::Invite { entry: index, person, tenant: home.id };
            out.password(step, is_new, entry, "invited by mail");
            return Ok(());
        }
        PasswordWish::Generated if has_one => return Ok(()),
        PasswordWish::Given(_) if has_one && (!entry.set_password || ready.has_given_password) => {
            return Ok(());
        }
        PasswordWish::Generated => out.generated.push(Generated {
            noun: Noun::Person,
            name: entry.email.as_written().to_owned(),
            secret_name: "password",
            public: None,
            secret: ready.password.clone(),
        }),
        PasswordWish::Given(given) => check_password(world, index, given.expose(), &person, home)?,
    }
    let step = Step::Password { entry: index, person, is_new };
    out.password(step, is_new, entry, if has_one { "another password" } else { "a password" });
    if !is_new {
        planned.kept_generation = Some(planned.person.auth_generation);
        planned.person.auth_generation += 1;
    }
    Ok(())
}

impl Output {
    /// A new person's own line says how they get a password.
    fn password(&mut self, step: Step, is_new: bool, entry: &PersonPlan, what: &str) {
        if is_new {
            return self.silently(step);
        }
        let mut words = words(entry);
        words.say(what);
        self.step(step, words.changed());
    }
}

fn check_password(
    world: &mut World<'_, '_>,
    index: usize,
    given: &str,
    person: &Person,
    home: &Tenant,
) -> Result<(), Error> {
    let branch = world.branch(home)?;
    let policy = EffectivePolicy::inherit(branch.iter().map(|node| &node.policy));
    let full_name = person.profile.full_name();
    let mut own_words = vec![person.email.as_written(), person.email.canonical(), full_name.as_str()];
    own_words.extend(branch.iter().map(|node| node.display_name.as_str()));
    if let Err(refused) = password::check(given, &policy, &own_words) {
        world.refuse(Noun::Person, index, "password", refused.to_string());
    }
    Ok(())
}

fn give_place(
    world: &mut World<'_, '_>,
    entry: &PersonPlan,
    place: &PlacePlan,
    tenant: &Tenant,
    wanted: Membership,
    is_new: bool,
    out: &mut Output,
) -> Result<(), Error> {
    let pool = tenant.pool;
    let held = if is_new {
        Vec::new()
    } else {
        world.tx.in_pool(pool, |tx| memberships::list_by_person(tx, wanted.person))?
    };
    let held = held.into_iter().find(|held| held.tenant == wanted.tenant && held.kind == wanted.kind);
    let mut words = words(entry);
    match held {
        None if is_new => out.silently(Step::AddPlace { pool, place: wanted }),
        None => {
            words.say(format!("{} {} in {}", place.kind.as_str(), place.role.as_str(), place.tenant));
            out.step(Step::AddPlace { pool, place: wanted }, words.changed());
        }
        Some(held) => {
            let standing = place.standing.clone().or_else(|| held.standing.clone());
            let new = Membership { role: place.role, standing, ..held.clone() };
            let role = format!("role in {}", place.tenant);
            words.compare(&role, &held.role, &new.role, |role| role.as_str().to_owned());
            words.compare("standing", &held.standing, &new.standing, quoted);
            if words.has_any() {
                out.step(Step::Place { pool, place: new }, words.changed());
            }
        }
    }
    Ok(())
}

fn words(entry: &PersonPlan) -> Words {
    Words::of(Noun::Person, entry.email.as_written())
}
