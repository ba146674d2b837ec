//! The policy that holds at a tenant, value by value, and changing what the tenant says itself.

use super::edit::{TenantChanges, edit};
use crate::access_keys::limits;
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result};
use doorward_model::{EffectivePolicy, Policy, PolicySource, PolicyValue, Tenant, is_origin};
use std::ops::RangeInclusive;
use std::time::Duration;

/// The least that NIST SP 800-63B-4 §3.1.1.2 allows beside a second factor (P5); without one the default of 15 is right.
const LEAST_PASSWORD: u64 = 8;
/// No cap may be lower and no least length higher: 64 characters shall be possible (NIST SP 800-63B-4 §3.1.1.2).
const FITTING_PASSWORD: u64 = 64;
/// A session that outlives a year is a key, and keys can be listed, rotated and expire by a date.
const LONGEST_SESSION: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// A reset code that lies in a mailbox for longer than a day is a second password (P11).
const LONGEST_RESET: Duration = Duration::from_secs(24 * 60 * 60);
/// Lines of a list, and characters of a line: each sign-in of the tenant reads them.
const LINES: usize = 1_000;
const LINE_CHARS: usize = 2_000;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Nobody decided it.
    Usual,
    /// The tenant itself.
    Own,
    /// One above it.
    Inherited(Box<Tenant>),
}

/// A value that holds, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyEntry {
    /// As [`Policy`]'s field is named.
    pub name: &'static str,
    /// The value.
    pub value: PolicyValue,
    /// From where.
    pub origin: Origin,
}

/// Every value of the policy that holds at a tenant, in the order of [`Policy`]. For its administrators.
///
/// Errors: [`crate::Error::NotAllowed`]; [`crate::Error::NotFound`] outside the actor's pool.
pub fn effective_policy(actor: &Actor, branch: &Branch) -> Result<Vec<PolicyEntry>> {
    entries(actor, branch, &branch.tenant().policy)
}

/// The same if the tenant itself said nothing. Errors: the same.
pub fn policy_above(actor: &Actor, branch: &Branch) -> Result<Vec<PolicyEntry>> {
    entries(actor, branch, &Policy::default())
}

fn entries(actor: &Actor, branch: &Branch, own: &Policy) -> Result<Vec<PolicyEntry>> {
    actor.administers(branch)?;
    let nodes: Vec<&Tenant> = branch.nodes().collect();
    let of = |node: &&Tenant| if node.id == branch.tenant().id { own.clone() } else { node.policy.clone() };
    let policies: Vec<Policy> = nodes.iter().map(of).collect();
    let origin = |source| match source {
        PolicySource::Usual => Origin::Usual,
        PolicySource::At(place) => match nodes.get(place) {
            Some(node) if node.id != branch.tenant().id => Origin::Inherited(Box::new((*node).clone())),
            Some(_) | None => Origin::Own,
        },
    };
    let held = EffectivePolicy::held(&policies.iter().collect::<Vec<_>>()).into_iter();
    Ok(held.map(|it| PolicyEntry { name: it.name, value: it.value, origin: origin(it.source) }).collect())
}

/// What a tenant is to say from now on: a value's name, and `None` where what is above it shall hold.
pub type PolicyChange = (String, Option<PolicyValue>);

/// Changes some values of what a tenant says itself; the others stay as they are.
///
/// Errors: those of [`edit`]; [`Error::Invalid`] for a name or a value that is none of a policy's.
pub async fn change_policy(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    changes: Vec<PolicyChange>,
    expected: Expected,
) -> Result<Branch> {
    let changes = TenantChanges { policy_values: changes, expected, ..TenantChanges::default() };
    edit(core, caller, actor, branch, changes).await
}

/// The policy with these values.
pub(super) fn changed(mut policy: Policy, changes: &[PolicyChange]) -> Result<Policy> {
    for (name, value) in changes {
        let field = Policy::NAMES.iter().copied().find(|known| known == name).unwrap_or("policy");
        policy.say(name, value.clone()).map_err(|refused| Error::invalid(field, refused.to_string()))?;
    }
    Ok(policy)
}

/// The names of what differs between two policies, for the trail.
pub(super) fn differing(before: &Policy, after: &Policy) -> String {
    let both = before.said().into_iter().zip(after.said());
    let names: Vec<&str> = both.filter(|(old, new)| old != new).map(|((name, _), _)| name).collect();
    names.join(", ")
}

/// What a number of a policy may be, spans in seconds; `None` for what is no number, or for any.
pub fn policy_range(name: &str) -> Option<RangeInclusive<u64>> {
    match name {
        "password_min_length" => Some(LEAST_PASSWORD..=FITTING_PASSWORD),
        "password_max_bytes" => Some(FITTING_PASSWORD..=u64::from(u32::MAX)),
        "session_absolute" | "session_idle" | "invitation_lifetime" => Some(1..=LONGEST_SESSION.as_secs()),
        "reset_lifetime" => Some(1..=LONGEST_RESET.as_secs()),
        _ => None,
    }
}

/// What no tenant may weaken.
pub(crate) fn check_policy(policy: &Policy) -> Result<()> {
    limits::rate(policy.key_rate).map_err(|refused| {
        if let Error::Invalid { problem, .. } = refused {
            Error::Invalid { field: "key_rate", problem }
        } else {
            refused
        }
    })?;
    for (field, value) in policy.said() {
        let number = match value {
            Some(PolicyValue::Count(count)) => u64::from(count),
            // Less than a second is none.
            Some(PolicyValue::Span(span)) => span.as_secs(),
            None
            | Some(
                PolicyValue::Flag(_) | PolicyValue::Rate(_) | PolicyValue::List(_) | PolicyValue::Language(_),
            ) => continue,
        };
        match policy_range(field) {
            Some(range) if !range.contains(&number) => {
                return Err(Error::invalid(field, format!("expected {} to {}", range.start(), range.end())));
            }
            Some(_) | None => {}
        }
    }
    check_lists(policy)
}

fn check_lists(policy: &Policy) -> Result<()> {
    let is_fit = |lines: usize, longest: usize| lines <= LINES && longest <= LINE_CHARS;
    for (field, list) in [("password_words", &policy.password_words), ("origins", &policy.origins)] {
        let list = list.as_deref().unwrap_or_default();
        let longest = list.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        if !is_fit(list.len(), longest) {
            return Err(too_long(field));
        }
    }
    let callbacks = policy.callbacks.as_deref().unwrap_or_default();
    let longest = callbacks.iter().map(|rule| rule.as_str().len()).max().unwrap_or_default();
    if !is_fit(callbacks.len(), longest) {
        return Err(too_long("callbacks"));
    }
    match policy.origins.iter().flatten().find(|line| !is_origin(line)) {
        None => Ok(()),
        Some(line) => Err(Error::invalid(
            "origins",
            format!("{line:?} is no origin like https://shop.example, without a path"),
        )),
    }
}

fn too_long(field: &'static str) -> Error {
    Error::invalid(field, format!("expected at most {LINES} lines of at most {LINE_CHARS} characters"))
}
