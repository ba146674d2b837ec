//! Copying: a batch of rows in the order of their key, written in one transaction, and the next.
//!
//! What has arrived is always the first part of a table, so the last key there is the progress: it is written with the
//! rows and cannot disagree with them. A row is there once or not at all, whenever this was killed.

use super::{BATCH, Error, Move, Phase, Progress, Tables};
use doorward_store::moving::{self as store, Cell, Record, State, Table};
use std::sync::Arc;
use uuid::Uuid;

/// Copies what has not arrived yet; returns how many rows there are.
pub(super) async fn copy(
    it: &Move,
    id: Uuid,
    tables: &Tables,
    progress: &mut impl FnMut(Progress),
) -> Result<u64, Error> {
    let Move { from, to, .. } = it;
    let (mut done, mut total) = (0, 0);
    for table in tables {
        for (end, sum) in [(from, &mut total), (to, &mut done)] {
            let counted = Arc::clone(table);
            *sum += end.told(&table.name, end.db.read_house(move |tx| store::count(tx, &counted)).await)?;
        }
    }
    for table in tables {
        let mut tell = |done, is_table_done| {
            let table = table.name.clone();
            progress(Progress { phase: Phase::Copy, table, done, total, is_table_done });
        };
        let arrived = Arc::clone(table);
        let last = to.db.read_house(move |tx| store::last(tx, &arrived)).await;
        let mut after = to.told(&table.name, last)?;
        loop {
            tell(done, false);
            let (left, key) = (Arc::clone(table), after);
            let read = from.db.read_house(move |tx| store::read(tx, &left, key.as_deref(), BATCH)).await;
            let batch = Arc::new(from.told(&table.name, read)?);
            let Some(last) = batch.last() else { break };
            after = Some(key_of(table, last));
            write(it, id, table, &batch).await?;
            done += u64::try_from(batch.len()).unwrap_or(u64::MAX);
        }
        tell(done, true);
    }
    Ok(total)
}

/// One batch, as long as the other end is still this move's.
async fn write(it: &Move, id: Uuid, table: &Arc<Table>, batch: &Arc<Vec<Record>>) -> Result<(), Error> {
    let to = &it.to;
    let (into, rows) = (Arc::clone(table), Arc::clone(batch));
    let written = to.db.write_house_bulk(move |tx| {
        let is_ours = store::find(tx)?.is_some_and(|mark| mark.id == id && mark.state == State::Arriving);
        if is_ours {
            store::insert(tx, &into, &rows)?;
        }
        Ok(is_ours)
    });
    if to.told(&table.name, written.await)? {
        Ok(())
    } else {
        Err(Error::TakenOver { place: to.place.clone() })
    }
}

pub(super) fn key_of(table: &Table, record: &Record) -> Vec<Cell> {
    table.key.iter().filter_map(|at| record.get(*at)).cloned().collect()
}
