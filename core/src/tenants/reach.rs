//! Tenants by id, for callers who are bound to no door; and the tree a page at a time.

use super::{by_id, by_slug};
use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{PoolId, Slug, TenantId};
use doorward_store::{lookup, tenants};

/// A tenant somebody has any right at. What they have none at answers like a random id in another pool, and
/// [`Error::NotAllowed`] in their own (P13).
pub async fn reached(core: &Core, actor: &Actor, id: TenantId) -> Result<Branch> {
    let pool = match actor {
        Actor::Operator | Actor::Remote(_) | Actor::Console(_) => {
            core.db().read_house(move |tx| lookup::slugs::find_pool(tx, id)).await?.ok_or(Error::NotFound)?
        }
        Actor::Person(identity) => identity.pool(),
        Actor::Program(it) => it.who.pool(),
        // It was begun at one tenant and knows no way to others.
        Actor::Maker(_) => return Err(Error::NotAllowed),
    };
    let branch = by_id(core, pool, id).await?;
    actor.role_at(&branch)?;
    Ok(branch)
}

/// A tenant somebody administers; else as [`reached`].
pub async fn administered(core: &Core, actor: &Actor, id: TenantId) -> Result<Branch> {
    let branch = reached(core, actor, id).await?;
    actor.administers(&branch)?;
    Ok(branch)
}

/// A tenant of a pool that somebody administers, by the short name that they typed; it tells nothing of any other.
///
/// Errors: [`Error::Invalid`] of the field `short_name`.
pub async fn administered_by_slug(core: &Core, actor: &Actor, pool: PoolId, typed: &str) -> Result<Branch> {
    let unknown = || Error::invalid("short_name", "nothing of this tree that you look after is called so");
    let found = match Slug::parse(typed.trim()) {
        Ok(slug) => by_slug(core, &slug).await,
        Err(_) => return Err(unknown()),
    };
    match found.and_then(|branch| actor.administers(&branch).map(|_| branch)) {
        Ok(branch) if branch.pool() == pool => Ok(branch),
        Ok(_) | Err(Error::NotFound | Error::NotAllowed) => Err(unknown()),
        Err(other) => Err(other),
    }
}

/// The tops of what somebody reaches, behind a number, at most `rows`: every pool's root for an operator, one's own tenant for
/// everybody else, who must administer it.
pub async fn list_tops(core: &Core, actor: &Actor, after: i64, rows: usize) -> Result<Vec<Branch>> {
    let own = match actor {
        Actor::Operator | Actor::Console(_) => None,
        Actor::Remote(it) => it.only_pool.map(|pool| (pool, pool.root())),
        Actor::Person(identity) => Some((identity.pool(), identity.tenant())),
        Actor::Program(it) => Some((it.who.pool(), it.who.tenant().id)),
        Actor::Maker(_) => return Err(Error::NotAllowed),
    };
    if let Some((pool, id)) = own {
        let branch = by_id(core, pool, id).await?;
        actor.administers(&branch)?;
        return Ok(Some(branch).filter(|it| it.tenant().number.get() > after).into_iter().collect());
    }
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    let listed = core.db().read_house(move |tx| {
        let mut tops: Vec<Branch> = Vec::new();
        let mut behind = after;
        // Deleted pools keep their numbers: look on until the page is full.
        loop {
            let roots = lookup::companies::list_roots_after(tx, behind, rows)?;
            let Some((last, _)) = roots.last().copied() else { return Ok(tops) };
            behind = last;
            for (_, pool) in roots {
                tops.extend(tx.in_pool(pool, |tx| Branch::read(tx, PoolId::root(pool)))?);
            }
            if i64::try_from(tops.len()).is_ok_and(|found| found >= rows) {
                tops.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
                return Ok(tops);
            }
        }
    });
    Ok(listed.await?)
}

/// For its administrators: the children of a tenant behind a number, at most `rows`, suspended ones among them.
pub async fn list_children_after(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    after: i64,
    rows: usize,
) -> Result<Vec<Branch>> {
    actor.administers(branch)?;
    let (id, rows) = (branch.tenant().id, i64::try_from(rows).unwrap_or(i64::MAX));
    let listed = core.db().read(branch.pool(), move |tx| {
        let mut children = Vec::new();
        for child in tenants::list_children_after(tx, id, after, rows)? {
            children.extend(Branch::read(tx, child.id)?);
        }
        Ok(children)
    });
    Ok(listed.await?)
}
