//! Changing what a tenant says of itself: its name, its facts, its policy.

use super::LOGO_FACT;
use crate::access_keys::limits;
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, cells, expected};
use doorward_model::{Event, EventKind, Policy, RegionCode, Tenant};
use doorward_store::{directory, events, tenants};
use std::time::Duration;

/// Longest display name: room for a full legal name.
const NAME_CHARS: usize = 200;
/// A fact is a line or a short paragraph, and so is its name at most.
const FACT_CHARS: usize = 2_000;
/// More facts than any dialect has.
const FACTS: usize = 100;
/// The least that NIST SP 800-63B-4 §3.1.1.2 allows beside a second factor (P5); without one the default of 15 is right.
const LEAST_PASSWORD: u32 = 8;
/// A session that outlives a year is a key, and keys can be listed, rotated and expire by a date.
const LONGEST_SESSION: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// A reset code that lies in a mailbox for longer than a day is a second password (P11).
const LONGEST_RESET: Duration = Duration::from_secs(24 * 60 * 60);

/// What changes; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct TenantChanges {
    /// What people read.
    pub display_name: Option<String>,
    /// Facts a dialect prints, by name: `Some` sets one, `None` removes it; others stay.
    pub profile: Vec<(String, Option<String>)>,
    /// What it says itself, whole.
    pub policy: Option<Policy>,
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
            let is_quota_kept =
                changes.policy.as_ref().is_none_or(|new| quotas(new) == quotas(&known.policy));
            if !is_operator && !is_quota_kept {
                return Ok(Err(Error::NotAllowed));
            }
            let changed = changes.clone().apply(known.clone());
            if let Err(refused) = check_facts(&changed.profile) {
                return Ok(Err(refused));
            }
            if changed != known {
                tenants::update(tx, &Tenant { modified_at: now, ..changed })?;
                events::insert(tx, &event)?;
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
    fn apply(self, mut tenant: Tenant) -> Tenant {
        for (name, value) in self.profile {
            let place = tenant.profile.iter().position(|(known, _)| *known == name);
            match (place.and_then(|place| tenant.profile.get_mut(place)), value) {
                (Some((_, known)), Some(value)) => *known = value,
                (None, Some(value)) => tenant.profile.push((name, value)),
                (_, None) => tenant.profile.retain(|(known, _)| *known != name),
            }
        }
        Tenant {
            display_name: self.display_name.unwrap_or(tenant.display_name),
            policy: self.policy.unwrap_or(tenant.policy),
            region: self.region.or(tenant.region),
            ..tenant
        }
    }
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
    changes.policy.as_ref().map_or(Ok(()), check_policy)?;
    check_logo(changes.profile.iter().map(|(name, _)| name))?;
    match (&changes.region, branch.parent()) {
        (None, _) => Ok(()),
        (Some(_), None) if is_operator => Ok(()),
        (Some(_), None) => Err(Error::NotAllowed),
        (Some(_), Some(_)) => Err(Error::invalid("region", "only a root has one")),
    }
}

/// What no tenant may weaken.
pub(crate) fn check_policy(policy: &Policy) -> Result<()> {
    limits::rate(policy.key_rate)?;
    if policy.password_min_length.is_some_and(|least| least < LEAST_PASSWORD) {
        let problem = format!("expected at least {LEAST_PASSWORD} characters");
        return Err(Error::invalid("password_min_length", problem));
    }
    let spans = [
        ("session_absolute", policy.session_absolute, LONGEST_SESSION),
        ("session_idle", policy.session_idle, LONGEST_SESSION),
        ("reset_lifetime", policy.reset_lifetime, LONGEST_RESET),
        ("invitation_lifetime", policy.invitation_lifetime, LONGEST_SESSION),
    ];
    for (field, span, longest) in spans {
        if span.is_some_and(|span| span > longest || span.is_zero()) {
            return Err(Error::invalid(field, format!("expected 1 to {} seconds", longest.as_secs())));
        }
    }
    Ok(())
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
