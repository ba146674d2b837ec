//! Closing a tenant with everything below it: for a while, or for good. Every session opened there ends (P3).

use super::above;
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{Event, EventKind, Tenant, TenantStatus};
use doorward_store::{events, tenants};

/// Closes a tenant and everything below it: sessions end now, nobody signs in, keys are refused.
pub async fn suspend(core: &Core, caller: &Caller, actor: &Actor, branch: &Branch) -> Result<()> {
    set_status(core, caller, actor, branch, TenantStatus::Suspended, None).await
}

/// Opens a suspended tenant again; its people sign in anew.
pub async fn resume(core: &Core, caller: &Caller, actor: &Actor, branch: &Branch) -> Result<()> {
    set_status(core, caller, actor, branch, TenantStatus::Active, None).await
}

/// Deletes a tenant for clients, and everything below it. Its rows stay for the audit trail; its slug and number are
/// never given to another.
pub async fn delete(core: &Core, caller: &Caller, actor: &Actor, branch: &Branch) -> Result<()> {
    set_status(core, caller, actor, branch, TenantStatus::Deleted, None).await
}

/// Gives a tenant a status, as administrator of what is above it. Nothing happens if it has it already.
///
/// Errors: [`Error::NotFound`], [`Error::NotAllowed`]; [`Error::Conflict`] of the field `version` where another is there than
/// the one expected.
pub async fn set_status(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    status: TenantStatus,
    expected: Expected,
) -> Result<()> {
    let kind = match status {
        TenantStatus::Active => EventKind::TenantResumed,
        TenantStatus::Suspended => EventKind::TenantSuspended,
        TenantStatus::Deleted => EventKind::TenantDeleted,
    };
    closes(core, actor, branch).await?;
    let (pool, id, now) = (branch.pool(), branch.tenant().id, core.now());
    let event = Event {
        detail: Some(branch.tenant().slug.to_string()),
        ..core.act(caller, actor, kind, (pool, id), now)?
    };
    core.db()
        .write(pool, move |tx| {
            let known = tenants::find(tx, id)?.filter(|known| known.status != TenantStatus::Deleted);
            let Some(known) = known else { return Ok(Err(Error::NotFound)) };
            if let Err(stale) = expected::check(expected, known.version) {
                return Ok(Err(stale));
            }
            if known.status == status {
                return Ok(Ok(()));
            }
            tenants::update(tx, &Tenant { status, modified_at: now, ..known })?;
            tenants::advance_generation(tx, id)?;
            events::insert(tx, &event)?;
            Ok(Ok(()))
        })
        .await?
}

/// Closing is decided from above: nobody locks themselves out, and nobody reopens what was closed over their head.
async fn closes(core: &Core, actor: &Actor, branch: &Branch) -> Result<()> {
    match above(core, branch).await? {
        Some(parent) => actor.administers(&parent).map(drop),
        None if actor.is_operator() => Ok(()),
        None => actor.administers(branch).and(Err(Error::NotAllowed)),
    }
}
