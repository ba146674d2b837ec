//! The shape of the tree: what is below a tenant, and moving one under another parent.

use super::above;
use super::edit::held_quotas;
use crate::{Actor, Branch, Caller, Core, Error, Expected, Page, Part, Result, expected};
use doorward_model::{EffectivePolicy, Event, EventKind, PoolId, Tenant, TenantId, TenantStatus};
use doorward_store::{Error as StoreError, Tx, events, tenants};
use std::collections::HashSet;

/// A part of the direct children that clients may see, by number, each with its ancestors. Suspended ones are among
/// them.
pub async fn list_children(core: &Core, branch: &Branch, part: Part) -> Result<Page<Branch>> {
    let id = branch.tenant().id;
    let listed = core.db().read(branch.pool(), move |tx| {
        let mut children = Vec::new();
        for child in tenants::list_existing_children(tx, id, part.stored())? {
            children.extend(Branch::read(tx, child.id)?);
        }
        Ok((children, tenants::count_existing_children(tx, id)?))
    });
    let (children, total) = listed.await?;
    Ok(part.page(children, total))
}

/// The tenant and everything below it that is not deleted, parents before children.
pub async fn list_subtree(core: &Core, branch: &Branch) -> Result<Vec<Tenant>> {
    let id = branch.tenant().id;
    let nodes = core.db().read(branch.pool(), move |tx| tenants::list_subtree(tx, id)).await?;
    let mut there: HashSet<TenantId> = HashSet::new();
    // Below a deleted node nothing is there for anybody, whatever the node itself says.
    let is_there = |node: &Tenant| {
        let is_below = node.id == id || node.parent.is_some_and(|above| there.contains(&above));
        is_below && node.status != TenantStatus::Deleted && there.insert(node.id)
    };
    Ok(nodes.into_iter().filter(is_there).collect())
}

/// The top of every tree, by number; for the operator.
pub async fn list_roots(core: &Core, actor: &Actor) -> Result<Vec<Branch>> {
    if !actor.is_operator() {
        return Err(Error::NotAllowed);
    }
    let listed = core.db().read_house(|tx| {
        let mut roots = Vec::new();
        for root in tenants::list_roots(tx)? {
            roots.extend(tx.in_pool(PoolId::of_root(root), |tx| Branch::read(tx, root))?);
        }
        Ok(roots)
    });
    Ok(listed.await?)
}

/// Moves a tenant with everything below it under another parent of its pool. Who does it administers both the old
/// and the new parent, because roles given there reach it.
///
/// Errors: [`Error::Conflict`] for a parent inside the moved tree, for a root, for a tree that would get deeper
/// than [`tenants::MAX_DEPTH`], and, unless an operator moves it, where it would leave an operator's quotas behind (P23).
pub async fn move_under(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    parent: &Branch,
) -> Result<Branch> {
    move_version(core, caller, actor, branch, parent, None).await
}

/// The same for a tenant as it was read. Errors: also [`Error::Conflict`] of the field `version` where another is there.
pub async fn move_version(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    parent: &Branch,
    expected: Expected,
) -> Result<Branch> {
    actor.administers(&above(core, branch).await?.ok_or_else(root_stays)?)?;
    actor.administers(parent)?;
    if parent.pool() != branch.pool() {
        return Err(Error::NotFound);
    }
    let (pool, id, under, now) = (branch.pool(), branch.tenant().id, parent.tenant().id, core.now());
    let is_operator = actor.is_operator();
    let event = Event {
        detail: Some(format!("under {}", parent.tenant().slug)),
        ..core.act(caller, actor, EventKind::TenantMoved, (pool, id), now)?
    };
    core.db()
        .write(pool, move |tx| {
            let Some(tenant) = tenants::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
            if let Err(stale) = expected::check(expected, tenant.version) {
                return Ok(Err(stale));
            }
            if let Err(refusal) = fits(tx, id, under)? {
                return Ok(Err(refusal));
            }
            if !is_operator && loosens(tx, id, under)? {
                return Ok(Err(Error::conflict(
                    "parent",
                    "an operator set limits here that would not hold there",
                )));
            }
            tenants::update(tx, &Tenant { parent: Some(under), modified_at: now, ..tenant })?;
            events::insert(tx, &event)?;
            let moved = Branch::read(tx, id)?;
            Ok(moved.ok_or(Error::NotFound))
        })
        .await?
}

fn root_stays() -> Error {
    Error::conflict("parent", "the root of a tree stays where it is")
}

/// Whether a tenant would have more room than an operator gave it where it is (P23).
fn loosens(tx: &mut Tx<'_>, id: TenantId, under: TenantId) -> Result<bool, StoreError> {
    let (Some(here), Some(parent)) = (Branch::read(tx, id)?, Branch::read(tx, under)?) else {
        return Ok(false);
    };
    let (own, above) = (&here.tenant().policy, parent.nodes().map(|node| &node.policy));
    let there = EffectivePolicy::inherit(above.chain([own]));
    Ok(held_quotas(&here.policy()).into_iter().zip(held_quotas(&there)).any(|(now, then)| then > now))
}

/// Read in the transaction that moves: two moves at once could otherwise tie a knot.
fn fits(tx: &mut Tx<'_>, id: TenantId, under: TenantId) -> Result<Result<()>, StoreError> {
    let Some(parent) = Branch::read(tx, under)? else { return Ok(Err(Error::NotFound)) };
    if parent.contains(id) {
        return Ok(Err(Error::conflict("parent", "a tenant cannot be below itself")));
    }
    let mut deepest = 0;
    for node in tenants::list_subtree(tx, id)? {
        deepest = deepest.max(tenants::branch(tx, node.id)?.len());
    }
    let height = deepest - tenants::branch(tx, id)?.len() + 1;
    if tenants::branch(tx, under)?.len() + height > tenants::MAX_DEPTH {
        return Ok(Err(Error::conflict("parent", "the tree would be too deep")));
    }
    Ok(Ok(()))
}
