//! Works as administrators see them, and ending one.

use super::import::Refused;
use super::run::Ending;
use super::sealed::{Place, What, open};
use crate::below::{Keyed, and_one};
use crate::manage::Scope;
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Work, WorkId, WorkKind, WorkState};
use doorward_store::{Error as StoreError, Tx, work_refusals, works};
use uuid::Uuid;

/// Works that one page looks at: few, since a tenant's are forgotten after a month.
const LOOKS: usize = 200;

/// A tenant's works of these kinds that were made before one, newest first, at most `rows`. A page may be short and go on.
///
/// Errors: [`Error::NotAllowed`] for who does not administer the tenant; [`Error::NotFound`] outside the actor's pool.
pub async fn list(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    kinds: &[WorkKind],
    before: Option<WorkId>,
    rows: usize,
) -> Result<Keyed<Work, WorkId>> {
    actor.administers(branch)?;
    let (tenant, before) = (branch.tenant().id, before.unwrap_or(WorkId::new(Uuid::max())));
    let rows = rows.min(LOOKS);
    let found =
        core.db().read(branch.pool(), move |tx| works::list_before(tx, tenant, before, and_one(rows)));
    let mut page = Keyed::of(found.await?, rows, |work| work.id);
    page.items.retain(|work| kinds.contains(&work.kind));
    Ok(page)
}

/// Everybody's works, newest first, at most `rows`. For operators: [`Error::NotAllowed`] for everybody else.
pub async fn list_all(
    core: &Core,
    actor: &Actor,
    before: Option<WorkId>,
    rows: usize,
) -> Result<Keyed<Work, WorkId>> {
    if !actor.is_operator() {
        return Err(Error::NotAllowed);
    }
    let before = before.unwrap_or(WorkId::new(Uuid::max()));
    let found = core.db().read_house(move |tx| works::list_all_before(tx, before, and_one(rows))).await?;
    Ok(Keyed::of(found, rows, |work| work.id))
}

/// One work of a tenant. [`Error::NotFound`] for one of another; else as [`list`].
pub async fn find(core: &Core, actor: &Actor, branch: &Branch, id: WorkId) -> Result<Work> {
    actor.administers(branch)?;
    let tenant = branch.tenant().id;
    core.db().read(branch.pool(), move |tx| of(tx, tenant, id)).await?.ok_or(Error::NotFound)
}

/// A work of this very tenant.
pub(super) fn of(
    tx: &mut Tx<'_>,
    tenant: doorward_model::TenantId,
    id: WorkId,
) -> Result<Option<Work>, StoreError> {
    Ok(works::find(tx, id)?.filter(|work| work.tenant == tenant))
}

/// The lines of an import that could not be done, behind one, in the file's order, at most `rows`. None once they are erased.
///
/// Errors: as [`find`]; [`Error::NotAllowed`] for a token that reads no people.
pub async fn refused(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    id: WorkId,
    after: i64,
    rows: usize,
) -> Result<Keyed<Refused, i64>> {
    if !actor.holds(Scope::PeopleRead) {
        return Err(Error::NotAllowed);
    }
    let work = find(core, actor, branch, id).await?;
    if work.is_erased || work.erase_at <= core.now() {
        return Ok(Keyed { items: Vec::new(), next: None });
    }
    let pool = work.pool;
    let found =
        core.db().read(pool, move |tx| work_refusals::list_after(tx, id, after, and_one(rows))).await?;
    let opened = found.into_iter().map(|(number, sealed)| {
        open::<Refused>(core, Place { pool, work: id, what: What::Refusal, number }, &sealed)
    });
    let opened = opened.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Keyed::of(opened, rows, |refused| refused.line.number))
}

/// Ends a work: what it did stays, and nothing more is done.
///
/// Errors: as [`find`]; [`Error::Conflict`] for one that ended already; [`Error::NotAllowed`] for a token that could not have
/// begun it.
pub async fn cancel(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: WorkId,
) -> Result<Work> {
    // It goes on while it is asked for: whoever writes between is read again.
    for _ in 0..ATTEMPTS {
        let work = find(core, actor, branch, id).await?;
        let scope = if work.kind.is_export() { Scope::ExportsWrite } else { Scope::PeopleWrite };
        if !actor.holds(scope) {
            return Err(Error::NotAllowed);
        }
        if !work.state.is_open() {
            return Err(Error::conflict("work", "it has ended already"));
        }
        let ending = Ending::by(core, caller, &work, &actor.name())?;
        let ended = move |tx: &mut Tx<'_>| ending.write(tx, work.clone(), WorkState::Canceled, None);
        if core.db().write(branch.pool(), ended).await? {
            return find(core, actor, branch, id).await;
        }
    }
    Err(Error::Unavailable { retry_after: BUSY })
}

/// A batch takes milliseconds, and another begins after a pause.
const ATTEMPTS: usize = 8;
/// When to ask again for an end that a work was too busy to notice.
const BUSY: std::time::Duration = std::time::Duration::from_secs(1);
