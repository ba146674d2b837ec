//! Tenants: finding the one a caller means, making (`manage.rs`), changing (`edit.rs`), moving (`tree.rs`) and closing
//! them (`close.rs`); by id and a page at a time for callers who are bound to no door (`reach.rs`).

pub mod brand;
mod close;
mod edit;
mod logo;
mod manage;
mod policy;
mod reach;
mod tree;

pub use close::{delete, resume, set_status, suspend};
pub(crate) use edit::check_name;
pub use edit::{TenantChanges, edit};
pub use logo::{LOGO_BYTES, LOGO_FACT, LOGO_PIXELS, logo, set_logo};
pub(crate) use manage::FIRST_COMPANY;
pub use manage::{NewTenant, create, create_once};
pub(crate) use policy::check_policy;
pub use policy::{
    Origin, PolicyChange, PolicyEntry, change_policy, effective_policy, policy_above, policy_range,
};
pub use reach::{administered, administered_by_slug, list_children_after, list_tops, reached};
pub use tree::{list_children, list_roots, list_subtree, move_under, move_version};

use crate::{Branch, Core, Error, Result};
use doorward_model::{CompanyNumber, PoolId, Slug, TenantId};
pub use doorward_store::tenants::MAX_DEPTH;
use doorward_store::{HouseTx, lookup};

/// The tenant of a slug, with its ancestors. [`Error::NotFound`] for an unknown or deleted one.
pub async fn by_slug(core: &Core, slug: &Slug) -> Result<Branch> {
    let slug = slug.clone();
    let found = core.db().read_house(move |tx| {
        let found = lookup::slugs::find(tx, &slug)?;
        read(tx, found)
    });
    found.await?.ok_or(Error::NotFound)
}

/// The tenant of a company number, with its ancestors. [`Error::NotFound`] for an unknown or deleted one.
pub async fn by_number(core: &Core, number: CompanyNumber) -> Result<Branch> {
    let found = core.db().read_house(move |tx| {
        let found = lookup::companies::find(tx, number)?;
        read(tx, found)
    });
    found.await?.ok_or(Error::NotFound)
}

/// One tenant of a pool, with its ancestors. [`Error::NotFound`] for an unknown or deleted one.
pub async fn by_id(core: &Core, pool: PoolId, id: TenantId) -> Result<Branch> {
    core.db().read(pool, move |tx| Branch::read(tx, id)).await?.ok_or(Error::NotFound)
}

/// The parent with its own ancestors; `None` at a root.
async fn above(core: &Core, branch: &Branch) -> Result<Option<Branch>> {
    match branch.parent() {
        Some(parent) => by_id(core, branch.pool(), parent.id).await.map(Some),
        None => Ok(None),
    }
}

fn read(
    tx: &mut HouseTx<'_>,
    found: Option<(PoolId, TenantId)>,
) -> Result<Option<Branch>, doorward_store::Error> {
    match found {
        Some((pool, id)) => tx.in_pool(pool, |tx| Branch::read(tx, id)),
        None => Ok(None),
    }
}
