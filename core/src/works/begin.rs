//! Beginning a work: whether there is room for it, and its first row.

use super::maker::Maker;
use super::{CHECKED_KEPT, KEPT, KEPT_IN_POOL, LASTS};
use crate::once::Once;
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Timestamp, Work, WorkId, WorkKind, WorkState};
use doorward_store::{Error as StoreError, Tx, works};
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

/// A work that nothing of is done yet.
pub(super) fn fresh(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    (kind, state): (WorkKind, WorkState),
    now: Timestamp,
) -> Result<Work> {
    Ok(Work {
        id: WorkId::new(core.uuid(now)?),
        pool: branch.pool(),
        tenant: branch.tenant().id,
        kind,
        state,
        wish: String::new(),
        maker: Maker::of(actor, branch)?.written()?,
        actor: actor.name(),
        address: Some(caller.address),
        epoch: core.epoch(),
        made_at: now,
        due_at: now,
        step: 0,
        place: None,
        done: 0,
        refused: 0,
        total: None,
        bytes: 0,
        reason: None,
        finished_at: None,
        erase_at: until(state, now),
        is_erased: false,
    })
}

/// Until when rows are kept, whatever becomes of a work in this state.
pub(super) fn until(state: WorkState, now: Timestamp) -> Timestamp {
    match state {
        WorkState::Checked => now.plus(CHECKED_KEPT),
        WorkState::Running => now.plus(LASTS).plus(KEPT),
        WorkState::Done | WorkState::Stopped | WorkState::Canceled => now.plus(KEPT),
    }
}

/// Whether a tenant may have another work that runs, and its pool another one whose rows are kept.
pub(super) fn has_room(tx: &mut Tx<'_>, work: &Work) -> Result<Result<()>, StoreError> {
    if work.state == WorkState::Running && works::count_at(tx, work.tenant, WorkState::Running)? > 0 {
        let problem = "another one is going on at this tenant: wait for its end, or cancel it";
        return Ok(Err(Error::conflict("work", problem)));
    }
    let is_new = works::find(tx, work.id)?.is_none();
    if is_new && works::count_kept(tx)? >= KEPT_IN_POOL {
        let problem = format!(
            "there are {KEPT_IN_POOL} imports and exports already that are kept for a day; try again when the oldest are gone"
        );
        return Ok(Err(Error::conflict("work", problem)));
    }
    Ok(Ok(()))
}

/// Makes room for a new work and claims its request's name; the id of what was made for the same request before.
pub(super) fn admitted(
    tx: &mut Tx<'_>,
    work: &Work,
    once: Option<&Once>,
) -> Result<Result<Option<Uuid>>, StoreError> {
    // What was made before may be what takes the room.
    match once.map(|once| once.before(tx)).transpose()? {
        None | Some(Ok(None)) => {}
        Some(known) => return Ok(known),
    }
    if let Err(refused) = has_room(tx, work)? {
        return Ok(Err(refused));
    }
    once.map_or(Ok(Ok(None)), |once| once.claim(tx, work.id.uuid()))
}

/// The other end, as far as it is still known while a work goes on.
pub(super) fn caller_of(work: &Work) -> Caller {
    Caller {
        address: work.address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        agent: None,
        request_id: format!("work {}", work.id),
        door: None,
        // Nobody reads an answer; mails are in the language of whom they are for.
        language: None,
    }
}
