//! Applications: programs that may call. Administrators of a tenant make them, give them keys and turn them off.
//!
//! `admit.rs` is the check a door makes on every request; the rest is administration.

mod admit;
mod create;
mod edit;
mod list;

pub use admit::{admit, by_key};
pub(crate) use admit::{find_by_app_id, hashes, opens};
pub use create::{Made, NewApplication, NewKey, create, create_once};
pub(crate) use create::{NO_UUID, trusts};
pub use edit::{
    Changes, OVERLAP_MAX, edit, end_previous_key, remove_key, remove_key_version, rotate_key,
    rotate_key_version, set_disabled, set_disabled_version,
};
pub use list::{Listed, list_after, one_of};

use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{AppId, Application, ApplicationId, PoolId, Role, TenantId};
use doorward_store::applications::StoredApplication;
use doorward_store::{Error as StoreError, HouseTx, Tx, applications, lookup};

/// The applications at and below a tenant, oldest first, for its administrators.
pub async fn list(core: &Core, actor: &Actor, branch: &Branch) -> Result<Vec<Application>> {
    actor.administers(branch)?;
    let top = branch.tenant().id;
    let found = core.db().read(branch.pool(), move |tx| {
        let mut below = Vec::new();
        for stored in applications::list(tx)? {
            let place = Branch::read(tx, stored.application.tenant)?;
            if place.is_some_and(|place| place.contains(top)) {
                below.push(stored.application);
            }
        }
        Ok(below)
    });
    Ok(found.await?)
}

/// One application of a pool. [`Error::NotFound`] for any other.
pub async fn by_id(core: &Core, pool: PoolId, id: ApplicationId) -> Result<Application> {
    let found = core.db().read(pool, move |tx| applications::find(tx, id)).await?;
    found.map(|stored| stored.application).ok_or(Error::NotFound)
}

/// The application of a public id, disabled or not. [`Error::NotFound`] for an unknown one.
pub async fn by_app_id(core: &Core, app_id: &AppId) -> Result<Application> {
    let app_id = app_id.clone();
    let found = core.db().read_house(move |tx| match lookup::app_ids::find(tx, &app_id)? {
        Some((pool, id)) => tx.in_pool(pool, |tx| applications::find(tx, id)),
        None => Ok(None),
    });
    found.await?.map(|stored| stored.application).ok_or(Error::NotFound)
}

/// Whether any application that is on may be called from a page of this origin. For a browser's preflight, which
/// cannot say which application the page belongs to; the call that follows does.
pub async fn any_has_origin(core: &Core, origin: &str) -> Result<bool> {
    let origin = origin.to_owned();
    let has = move |tx: &mut HouseTx<'_>| {
        let lists = applications::list_origins_like(tx, &origin)?;
        Ok(lists.iter().flatten().any(|known| *known == origin))
    };
    Ok(core.db().read_house(has).await?)
}

/// Whether an application may act in a tenant: at and below its own.
pub fn reaches(application: &Application, branch: &Branch) -> bool {
    application.pool == branch.pool() && branch.contains(application.tenant)
}

/// An application that `actor` administers, with the tenant it belongs to and the actor's role there.
pub(crate) async fn administered(
    core: &Core,
    actor: &Actor,
    pool: PoolId,
    id: ApplicationId,
) -> Result<(Application, TenantId, Role)> {
    let found = core.db().read(pool, move |tx| find_with_branch(tx, id)).await?;
    let (stored, branch) = found.ok_or(Error::NotFound)?;
    let role = actor.administers(&branch)?;
    Ok((stored.application, branch.tenant().id, role))
}

fn find_with_branch(
    tx: &mut Tx<'_>,
    id: ApplicationId,
) -> Result<Option<(StoredApplication, Branch)>, StoreError> {
    let Some(stored) = applications::find(tx, id)? else { return Ok(None) };
    let branch = Branch::read(tx, stored.application.tenant)?;
    Ok(branch.map(|branch| (stored, branch)))
}
