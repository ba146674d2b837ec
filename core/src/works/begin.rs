//! Beginning a work: whether there is room for it, and its first row.

use super::maker::Maker;
use super::{CHECKED_KEPT, CHECKS_PER_HOUR, KEPT, KEPT_AT_TENANT, KEPT_IN_POOL, KEPT_IN_POOL_FIRST, LASTS};
use crate::attempts::subject;
use crate::once::Once;
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Timestamp, Work, WorkId, WorkKind, WorkState};
use doorward_store::{Error as StoreError, Tx, tallies, works};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
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

/// Until when rows of a work in this state are kept, whatever becomes of it.
pub(super) fn until(state: WorkState, now: Timestamp) -> Timestamp {
    match state {
        WorkState::Checked => now.plus(CHECKED_KEPT),
        WorkState::Running => now.plus(LASTS).plus(KEPT),
        // `kept_after` says more of these.
        WorkState::Done | WorkState::Stopped | WorkState::Canceled => now,
    }
}

/// Until when rows of a work are kept that ends in a state: as long as somebody may ask for any of them, and no longer.
pub(super) fn kept_after(work: &Work, state: WorkState, now: Timestamp) -> Timestamp {
    let was_begun = work.state == WorkState::Running;
    let has_more =
        if work.kind.is_export() { state == WorkState::Done } else { was_begun && work.refused > 0 };
    if has_more { now.plus(KEPT) } else { now }
}

/// Counts a file that is looked through. [`Error::Throttled`] where it was too many.
pub(super) async fn count_check(core: &Core, branch: &Branch) -> Result<()> {
    let now = core.now();
    let files = subject(core, branch.pool(), "files looked through at", &[branch.tenant().id.as_bytes()]);
    let counted =
        core.db().write(branch.pool(), move |tx| tallies::count(tx, &files, now, now.plus(CHECKS_SPAN)));
    let tally = counted.await?;
    if tally.count > CHECKS_PER_HOUR {
        return Err(Error::Throttled { retry_after: tally.ends_at.since(now) });
    }
    Ok(())
}

/// In how long files that are looked through are counted together.
const CHECKS_SPAN: Duration = Duration::from_secs(60 * 60);

/// Whether a tenant may have another work that runs, and it and its pool another one whose rows are kept.
pub(super) fn has_room(tx: &mut Tx<'_>, work: &Work, now: Timestamp) -> Result<Result<()>, StoreError> {
    if work.state == WorkState::Running && works::count_at(tx, work.tenant, WorkState::Running)? > 0 {
        let problem = "another one is going on at this tenant: wait for its end, or cancel it";
        return Ok(Err(Error::conflict("work", problem)));
    }
    if works::find(tx, work.id)?.is_some() {
        return Ok(Ok(()));
    }
    let own = works::count_kept(tx, Some(work.tenant), now)?;
    if own >= KEPT_AT_TENANT {
        let problem = format!(
            "{KEPT_AT_TENANT} imports and exports of this tenant are kept already: discard what was only looked through, or \
             try again when the oldest is gone, a day after its end at the latest"
        );
        return Ok(Err(Error::conflict("work", problem)));
    }
    let most = if own == 0 { KEPT_IN_POOL_FIRST } else { KEPT_IN_POOL };
    let kept = works::count_kept(tx, None, now)?;
    if kept >= most {
        let problem = format!(
            "this tree keeps {kept} imports and exports already: a tenant that keeps none begins one when fewer than \
             {KEPT_IN_POOL_FIRST} are kept, every other when fewer than {KEPT_IN_POOL} are; each is gone a day after its end \
             at the latest"
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
    if let Err(refused) = has_room(tx, work, work.made_at)? {
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
