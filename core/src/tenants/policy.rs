//! The policy that holds at a tenant, value by value.

use crate::{Actor, Branch, Result};
use doorward_model::{EffectivePolicy, Policy, PolicySource, PolicyValue, Tenant};

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
    actor.administers(branch)?;
    let nodes: Vec<&Tenant> = branch.nodes().collect();
    let policies: Vec<&Policy> = nodes.iter().map(|node| &node.policy).collect();
    let origin = |source| match source {
        PolicySource::Usual => Origin::Usual,
        PolicySource::At(place) => match nodes.get(place) {
            Some(node) if node.id != branch.tenant().id => Origin::Inherited(Box::new((*node).clone())),
            Some(_) | None => Origin::Own,
        },
    };
    let held = EffectivePolicy::held(&policies).into_iter();
    Ok(held.map(|it| PolicyEntry { name: it.name, value: it.value, origin: origin(it.source) }).collect())
}
