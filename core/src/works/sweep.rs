//! Forgetting works: their rows soon after the end, their figures later.

use super::REMEMBERED;
use crate::{Core, Result};
use doorward_model::{PoolId, Timestamp, Work, WorkId, WorkState};
use doorward_store::{Error as StoreError, Tx, work_parts, work_refusals, works};

/// Works that are looked at at once.
const AT_ONCE: i64 = 50;
/// Parts that one write deletes: each holds up to some hundred KiB.
const PARTS: i64 = 20;
/// Refused lines that one write deletes.
const LINES: i64 = 500;

pub(crate) async fn sweep(core: &Core, now: Timestamp) -> Result<()> {
    loop {
        let over = core.db().read_house(move |tx| works::list_over(tx, now, AT_ONCE)).await?;
        if over.is_empty() {
            return Ok(());
        }
        for (pool, id) in over {
            forget(core, pool, id, now).await?;
        }
    }
}

async fn forget(core: &Core, pool: PoolId, id: WorkId, now: Timestamp) -> Result<()> {
    while core.db().write_bulk(pool, move |tx| work_parts::erase(tx, id, PARTS)).await? {}
    while core.db().write_bulk(pool, move |tx| work_refusals::erase(tx, id, LINES)).await? {}
    Ok(core.db().write_bulk(pool, move |tx| settle(tx, id, now)).await?)
}

fn settle(tx: &mut Tx<'_>, id: WorkId, now: Timestamp) -> Result<(), StoreError> {
    let Some(work) = works::find(tx, id)?.filter(|work| work.erase_at <= now) else { return Ok(()) };
    if work.is_erased {
        return works::delete(tx, id);
    }
    let erased = Work { is_erased: true, erase_at: now.plus(REMEMBERED), ..work };
    let erased = if erased.state.is_open() {
        let reason = Some("nobody started it in time".to_owned());
        Work { state: WorkState::Canceled, reason, finished_at: Some(now), ..erased }
    } else {
        erased
    };
    works::update(tx, &erased).map(drop)
}
