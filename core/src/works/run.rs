//! The turns of works: the one that waited longest does a batch, then the next.

use super::begin::{caller_of, kept_after};
use super::maker::Maker;
use super::{LASTS, export, import};
use crate::{Caller, Core, Result};
use doorward_model::{Event, EventKind, OperatorId, Timestamp, Work, WorkKind, WorkState};
use doorward_store::{Error as StoreError, HouseTx, Tx, events, works};
use std::time::Duration;

/// When a work goes on that met a fault of ours, such as a database that does not answer.
const FAULT_PAUSE: Duration = Duration::from_secs(30);

/// Why works end before their end.
pub(super) const REVOKED: &str = "whoever began it may not do it any more";
pub(super) const RENEWED: &str =
    "the password of whoever began it was changed since, which ends what went on in their name";
const RESTORED: &str = "a backup was restored meanwhile";
const TOO_LONG: &str = "it would have gone on for longer than a week";

/// Whether a work waits for its turn: asked often, and without a write.
pub async fn is_any_due(core: &Core) -> Result<bool> {
    let now = core.now();
    Ok(core.db().read_house(move |tx| works::find_due(tx, now)).await?.is_some())
}

/// Does a batch of the work whose turn it is, in one transaction with how far it came; `false` when none is due.
///
/// Two nodes that do it at once do no harm: of two who read the same state one writes nothing.
pub async fn go_on(core: &Core) -> Result<bool> {
    let now = core.now();
    let Some(work) = core.db().read_house(move |tx| works::find_due(tx, now)).await? else {
        return Ok(false);
    };
    let done = if work.epoch != core.epoch() {
        stop(core, work.clone(), RESTORED).await
    } else if now.since(work.made_at) > LASTS {
        stop(core, work.clone(), TOO_LONG).await
    } else {
        match work.kind {
            WorkKind::ImportPeople => import::batch(core, work.clone()).await,
            WorkKind::ExportPeople | WorkKind::ExportEvents | WorkKind::ExportConsents => {
                export::batch(core, work.clone()).await
            }
        }
    };
    if let Err(fault) = done {
        tracing::warn!(%fault, work = %work.id, "a work did not go on; it is tried again");
        let later = Work { due_at: now.plus(FAULT_PAUSE), ..work };
        core.db().write_bulk(later.pool, move |tx| works::update(tx, &later)).await?;
    }
    Ok(true)
}

/// Ends a work in the database.
pub(super) async fn stop(core: &Core, work: Work, why: &'static str) -> Result<()> {
    let ending = Ending::prepare(core, &work)?;
    let pool = work.pool;
    let stopped = move |tx: &mut Tx<'_>| ending.write(tx, work.clone(), WorkState::Stopped, Some(why));
    Ok(core.db().write_bulk(pool, stopped).await.map(drop)?)
}

/// Ends what an operator began in front of a browser: a new password ends it with their sessions, whoever sat there.
pub(crate) fn stop_of_operator(core: &Core, tx: &mut HouseTx<'_>, id: OperatorId) -> Result<(), StoreError> {
    let fault = |fault: crate::Error| StoreError::Fault(format!("works were not ended: {fault}"));
    let maker = Maker::operator(id).written().map_err(fault)?;
    for work in works::list_running_of(tx, &maker)? {
        let ending = Ending::prepare(core, &work).map_err(fault)?;
        let (state, why) = (WorkState::Stopped, Some(RENEWED));
        tx.in_pool(work.pool, |tx| ending.write(tx, work, state, why))?;
    }
    Ok(())
}

/// What the transaction in which a work ends needs, made before it.
#[derive(Clone)]
pub(super) struct Ending {
    event: Event,
    now: Timestamp,
}

impl Ending {
    pub(super) fn prepare(core: &Core, work: &Work) -> Result<Self> {
        Self::by(core, &caller_of(work), work, &work.actor)
    }

    /// The same where somebody ends it.
    pub(super) fn by(core: &Core, caller: &Caller, work: &Work, actor: &str) -> Result<Self> {
        let now = core.now();
        let event = core.event(caller, EventKind::ImportEnded, now)?;
        let event = Event {
            pool: Some(work.pool),
            tenant: Some(work.tenant),
            actor: Some(actor.to_owned()),
            ..event
        };
        Ok(Self { event, now })
    }

    /// Writes the end, unless the work has gone on without us: then `false`. That an import ended is an event, and that
    /// somebody discarded one; of an export it says nothing that its beginning and its taking do not.
    pub(super) fn write(
        &self,
        tx: &mut Tx<'_>,
        work: Work,
        state: WorkState,
        reason: Option<&str>,
    ) -> Result<bool, StoreError> {
        let kept = kept_after(&work, state, self.now);
        self.write_until(tx, work, (state, reason), kept)
    }

    /// The same where it is said until when rows are kept.
    pub(super) fn write_until(
        &self,
        tx: &mut Tx<'_>,
        work: Work,
        (state, reason): (WorkState, Option<&str>),
        erase_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let is_told = work.state == WorkState::Running || reason.is_none();
        let ended =
            Work { state, reason: reason.map(str::to_owned), finished_at: Some(self.now), erase_at, ..work };
        if !works::update(tx, &ended)? {
            return Ok(false);
        }
        if is_told && !ended.kind.is_export() {
            let events = Event { detail: Some(told(&ended)), ..self.event.clone() };
            events::insert(tx, &events)?;
        }
        Ok(true)
    }
}

/// "1203 made, 3 refused; stopped: …".
fn told(work: &Work) -> String {
    let figures = format!("{} made, {} refused", work.done, work.refused);
    match (work.state, &work.reason) {
        (WorkState::Done, _) => figures,
        (state, Some(reason)) => format!("{figures}; {}: {reason}", state.as_str()),
        (state, None) => format!("{figures}; {}", state.as_str()),
    }
}
