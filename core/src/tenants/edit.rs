//! Changing what a tenant says of itself: its name, its facts, its policy.

use super::LOGO_FACT;
use super::policy::{PolicyChange, changed, check_policy, differing};
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, cells, expected};
use doorward_model::{EffectivePolicy, Event, EventKind, Policy, RegionCode, Tenant};
use doorward_store::{directory, events, tenants};

/// Longest display name: room for a full legal name.
const NAME_CHARS: usize = 200;
/// A fact is a line or a short paragraph, and so is its name at most.
const FACT_CHARS: usize = 2_000;
/// More facts than any dialect has.
const FACTS: usize = 100;

/// What changes; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct TenantChanges {
    /// What people read.
    pub display_name: Option<String>,
    /// Facts a dialect prints, by name: `Some` sets one, `None` removes it; others stay.
    pub profile: Vec<(String, Option<String>)>,
    /// What it says itself, whole.
    pub policy: Option<Policy>,
    /// Single values of it.
    pub policy_values: Vec<PolicyChange>,
    /// The pool's home: only at a root, and only by an operator.
    pub region: Option<RegionCode>,
    /// The version that was read.
    pub expected: Expected,
}

/// Changes a tenant. Its administrators may, except the quotas that keep one pool from starving another (P23), which
/// are an operator's.
pub async fn edit(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    changes: TenantChanges,
) -> Result<Branch> {
    actor.administers(branch)?;
    let (pool, id, now) = (branch.pool(), branch.tenant().id, core.now());
    let is_operator = actor.is_operator();
    check(branch, is_operator, &changes)?;
    let event = core.act(caller, actor, EventKind::TenantChanged, (pool, id), now)?;
    let event = Event { detail: Some(branch.tenant().slug.to_string()), ..event };
    let written = core
        .db()
        .write(pool, move |tx| {
            let Some(known) = tenants::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
            if let Err(stale) = expected::check(changes.expected, known.version) {
                return Ok(Err(stale));
            }
            let changed = match changes.clone().apply(known.clone()) {
                Ok(changed) => changed,
                Err(refused) => return Ok(Err(refused)),
            };
            if !is_operator && quotas(&changed.policy) != quotas(&known.policy) {
                return Ok(Err(Error::NotAllowed));
            }
            if changed != known {
                let differing = differing(&known.policy, &changed.policy);
                tenants::update(tx, &Tenant { modified_at: now, ..changed })?;
                events::insert(tx, &told(event.clone(), &differing))?;
            }
            Ok(Branch::read(tx, id)?.ok_or(Error::NotFound))
        })
        .await;
    match written {
        Ok(edited) => edited,
        Err(fault) => {
            let names = core.db().read(pool, directory::names_of_pool).await?;
            let refused = cells::refused_elsewhere(core, &fault, "region", names).await?;
            Err(refused.unwrap_or_else(|| fault.into()))
        }
    }
}

impl TenantChanges {
    fn apply(self, mut tenant: Tenant) -> Result<Tenant> {
        for (name, value) in self.profile {
            let place = tenant.profile.iter().position(|(known, _)| *known == name);
            match (place.and_then(|place| tenant.profile.get_mut(place)), value) {
                (Some((_, known)), Some(value)) => *known = value,
                (None, Some(value)) => tenant.profile.push((name, value)),
                (_, None) => tenant.profile.retain(|(known, _)| *known != name),
            }
        }
        check_facts(&tenant.profile)?;
        let policy = changed(self.policy.unwrap_or_else(|| tenant.policy.clone()), &self.policy_values)?;
        // What an older version let through may stay until somebody touches it.
        if policy != tenant.policy {
            check_policy(&policy)?;
        }
        let display_name = self.display_name.unwrap_or(tenant.display_name);
        Ok(Tenant { display_name, policy, region: self.region.or(tenant.region), ..tenant })
    }
}

/// The event, with which values of the policy differ from before.
fn told(event: Event, differing: &str) -> Event {
    let about = event.detail.as_deref().filter(|_| !differing.is_empty());
    let detail = about.map(|slug| format!("{slug}: {differing}"));
    Event { detail: detail.or(event.detail), ..event }
}

/// What people read must be a line.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let is_name =
        !name.trim().is_empty() && name.chars().count() <= NAME_CHARS && !name.chars().any(char::is_control);
    if is_name {
        Ok(())
    } else {
        Err(Error::invalid("display_name", format!("expected 1 to {NAME_CHARS} characters")))
    }
}

/// What a tenant may say of itself beside its name.
pub(super) fn check_facts(facts: &[(String, String)]) -> Result<()> {
    let fits = |text: &String| text.chars().count() <= FACT_CHARS;
    if facts.len() <= FACTS && facts.iter().all(|(name, fact)| fits(name) && fits(fact)) {
        Ok(())
    } else {
        let problem = format!("expected at most {FACTS} facts of at most {FACT_CHARS} characters");
        Err(Error::invalid("profile", problem))
    }
}

/// The logo's tag is written with the logo only: one without a logo would name a picture that is not there.
pub(super) fn check_logo<'a>(mut facts: impl Iterator<Item = &'a String>) -> Result<()> {
    if facts.any(|name| name == LOGO_FACT) {
        Err(Error::invalid("profile", format!("{LOGO_FACT} comes with the logo")))
    } else {
        Ok(())
    }
}

fn check(branch: &Branch, is_operator: bool, changes: &TenantChanges) -> Result<()> {
    changes.display_name.as_deref().map_or(Ok(()), check_name)?;
    check_logo(changes.profile.iter().map(|(name, _)| name))?;
    match (&changes.region, branch.parent()) {
        (None, _) => Ok(()),
        (Some(_), None) if is_operator => Ok(()),
        (Some(_), None) => Err(Error::NotAllowed),
        (Some(_), Some(_)) => Err(Error::invalid("region", "only a root has one")),
    }
}

/// What only an operator sets (P23).
pub(super) fn quotas(policy: &Policy) -> [Option<u32>; 5] {
    [
        policy.address_failures,
        policy.address_mails,
        policy.sign_ins_per_minute,
        policy.mails_per_hour,
        policy.sessions_per_person,
    ]
}

/// The same of what holds.
pub(super) const fn held_quotas(policy: &EffectivePolicy) -> [u32; 5] {
    [
        policy.address_failures,
        policy.address_mails,
        policy.sign_ins_per_minute,
        policy.mails_per_hour,
        policy.sessions_per_person,
    ]
}
