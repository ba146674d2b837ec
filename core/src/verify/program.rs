//! Which program is calling? Its public id and key in, answered from memory (BookingBug's `App-Id` and `App-Key`).

use super::flight::{self, Before};
use super::held::{Admission, Kept};
use super::way::Program;
use super::{Reason, misses};
use crate::applications::{find_by_app_id, hashes, opens};
use crate::last_time::LastTime;
use crate::last_use::{self, NOTED_EVERY, Used};
use crate::{Branch, Core};
use doorward_model::{AppId, Application, Secret, Thing};
use std::net::IpAddr;
use std::sync::Arc;

/// A program that may call.
pub struct AdmittedProgram(Arc<Kept<Admission>>);

impl AdmittedProgram {
    /// Its ids.
    pub fn program(&self) -> Program {
        Program::of(&self.0.value.stored.application)
    }

    /// Whether it may act in a tenant: at and below its own.
    pub fn reaches(&self, branch: &Branch) -> bool {
        crate::applications::reaches(&self.0.value.stored.application, branch)
    }
}

/// Admits a program by its public id and, where it has one, its key. `from` is as for [`super::by_session`]: an id that no
/// program has counts as a miss.
///
/// Errors: [`Reason::Invalid`] for an unknown id and a missing or wrong key alike; then [`Reason::ApplicationDisabled`]
/// and [`Reason::TenantSuspended`], which only who has the key learns of.
pub async fn program(
    core: &Core,
    from: Option<IpAddr>,
    app_id: &str,
    key: Option<&Secret>,
) -> Result<AdmittedProgram, Reason> {
    let app_id = AppId::parse(app_id).ok_or(Reason::Invalid)?;
    let memory = core.memory();
    let outages = memory.outages.before();
    let kept = flight::once(
        &memory.programs,
        &app_id,
        memory.is_current(),
        |kept| memory.holds_program(kept),
        async |before| {
            memory.outages.none_since(outages)?;
            // A program a moment ago is no guess: not held to the limit.
            if before == Before::Nothing {
                misses::within(core, from)?;
            }
            read(core, app_id.clone()).await?.ok_or_else(|| Reason::from(misses::refused(core, from)))
        },
    )
    .await?;
    let now = core.now();
    let Admission { stored, branch, used, calls } = &kept.value;
    match (stored.key_hash, key) {
        (None, _) => {}
        (Some(_), None) => return Err(Reason::Invalid),
        (Some(_), Some(key)) if opens(stored, &hashes(core, key.expose()), now) => {}
        (Some(_), Some(_)) => return Err(misses::refused(core, from).into()),
    }
    if stored.application.disabled {
        return Err(Reason::ApplicationDisabled);
    }
    if !branch.is_open() {
        return Err(Reason::TenantSuspended);
    }
    calls.count();
    if used.falls_due(now, NOTED_EVERY) {
        let application = &stored.application;
        last_use::write(core, Used::Application(application.pool, application.id), now);
    }
    Ok(AdmittedProgram(kept))
}

async fn read(core: &Core, app_id: AppId) -> Result<Option<Arc<Kept<Admission>>>, Reason> {
    let read = core.memory().stamps.now();
    let found = core.db().glance(move |tx| find_by_app_id(tx, Some(&app_id))).await;
    let Some((stored, branch)) = core.memory().outages.noted(found)? else { return Ok(None) };
    let used = LastTime::written(stored.application.last_used_at);
    let Application { pool, tenant, id, .. } = stored.application;
    let calls = core.uses_of((pool, tenant), &Thing::Application(id));
    Ok(Some(Arc::new(Kept { read, value: Admission { stored, branch: Arc::new(branch), used, calls } })))
}
