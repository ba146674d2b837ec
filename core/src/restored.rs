//! After PostgreSQL's own tools put a backup back: nothing that was revoked since may revive (P2).
//!
//! No node may run meanwhile, as for the embedded engine, whose restore is the store's own affair. What that one does
//! where there is nothing to compare with is done here; docs/decisions/restore.md has the reasons.

use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::EventKind;
use doorward_store::{Error as StoreError, HouseTx, events, installation, moving, restored};

/// Rows that one write touches: few enough for a statement's time limit, many enough that a large table is not read
/// too often.
const BATCH: i64 = 10_000;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The new epoch: sessions and codes of an earlier one are dead.
    pub epoch: i64,
    /// How many of what were shut, in words for the operator; none of them zero.
    pub shut: Vec<(u64, &'static str)>,
}

/// Ends every session and open code, gives waiting mails up, and shuts keys, applications and bearer tokens unless
/// `trust_keys`. The epoch comes last: until then a run that was cut short is simply run again.
pub async fn end_revived(core: &Core, caller: &Caller, actor: &Actor, trust_keys: bool) -> Result<Ended> {
    if !actor.is_operator() {
        return Err(Error::NotAllowed);
    }
    let now = core.now();
    let mut shut = Vec::new();
    if !trust_keys {
        shut.push((all(core, restored::shut_keys).await?, "access keys are disabled"));
        shut.push((all(core, restored::shut_applications).await?, "applications are disabled"));
        let tokens = move |tx: &mut HouseTx<'_>, limit| restored::shut_tokens(tx, now, limit);
        shut.push((all(core, tokens).await?, "bearer tokens are revoked"));
        let tokens = move |tx: &mut HouseTx<'_>, limit| restored::shut_operator_tokens(tx, now, limit);
        shut.push((all(core, tokens).await?, "operators' tokens are revoked"));
    }
    let mails = move |tx: &mut HouseTx<'_>, limit| restored::give_up_mails(tx, now, limit);
    shut.push((all(core, mails).await?, "mails that waited are given up"));
    shut.retain(|(count, _)| *count > 0);
    let event =
        doorward_model::Event { actor: Some(actor.name()), ..core.event(caller, EventKind::Restored, now)? };
    let known = core.epoch();
    let epoch = core.db().write_house(move |tx| {
        let epoch = installation::find(tx)?.map_or(known, |found| found.epoch) + 1;
        installation::advance_epoch(tx, epoch)?;
        // What a database that was moved away would revive has just been ended, so it may be used again.
        moving::forget_left(tx)?;
        events::insert(tx, &event)?;
        Ok(epoch)
    });
    Ok(Ended { epoch: epoch.await?, shut })
}

/// Repeats a piece until nothing is left to do; says how many rows that were.
async fn all<F>(core: &Core, piece: F) -> Result<u64>
where
    F: Fn(&mut HouseTx<'_>, i64) -> std::result::Result<u64, StoreError> + Send + Clone + 'static,
{
    let mut sum = 0;
    loop {
        let piece = piece.clone();
        let rows = core.db().write_house_bulk(move |tx| piece(tx, BATCH)).await?;
        sum += rows;
        if rows == 0 {
            return Ok(sum);
        }
    }
}
