//! The directory between cells: what this one tells of its own names, and how it takes the others' over.

use super::{Page, home};
use crate::{Core, Error, Result};
use doorward_model::RegionCode;
use doorward_store::directory::{self, Filled};
use std::sync::atomic::Ordering::Relaxed;

/// Names on one page: about 60 KB, and a few milliseconds of the writer of whoever takes it over.
pub const PAGE: i64 = 500;

/// How far another cell's directory was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// Which log it was; empty before the first page.
    pub log: String,
    /// The last number.
    pub number: i64,
}

/// Takes names into the directory that are older than it, if that was not done yet.
pub async fn fill(core: &Core) -> Result<()> {
    if core.db().read_house(directory::head).await?.is_none_or(|(_, filled)| filled) {
        return Ok(());
    }
    let mut from = None;
    loop {
        let after = from.take();
        match core.db().write_house_bulk(move |tx| directory::fill(tx, after.as_ref(), PAGE)).await? {
            Filled::After(next) => from = Some(next),
            Filled::Whole => return Ok(()),
        }
    }
}

/// What this cell tells of its names after a number.
///
/// Errors: [`Error::NotFound`] where this is no cell.
pub async fn page(core: &Core, after: i64) -> Result<Page> {
    let places = home::places(core).await?;
    let read = core
        .db()
        .read_house(move |tx| Ok(directory::head(tx)?.zip(Some(directory::since(tx, after, PAGE)?))));
    let ((number, filled), entries) = read.await?.ok_or(Error::NotFound)?;
    let is_full = i64::try_from(entries.len()).is_ok_and(|count| count >= PAGE);
    let until = match entries.last() {
        Some(last) if is_full => last.number,
        Some(_) | None => number,
    };
    let log = format!("{}-{}", core.installation_id(), core.epoch());
    Ok(Page { log, after, entries, until, last: number, complete: filled && !is_full, places })
}

/// Where to go on with another cell's directory.
pub async fn position(core: &Core, cell: &RegionCode) -> Result<Position> {
    let cell = cell.clone();
    let peer = core.db().read_house(move |tx| directory::peer(tx, &cell)).await?;
    Ok(peer.map(|peer| Position { log: peer.log, number: peer.number }).unwrap_or_default())
}

/// Takes a page of another cell over; `true` if the log goes on behind it. A page that another node took meanwhile changes
/// nothing.
pub async fn take(core: &Core, cell: &RegionCode, page: Page) -> Result<bool> {
    let (from, behind) = (cell.clone(), page.last - page.until);
    let is_news = !page.entries.is_empty() || page.after != page.until;
    let known = core.db().read_house({
        let cell = cell.clone();
        move |tx| directory::peer(tx, &cell)
    });
    let says_the_same = known.await?.is_some_and(|peer| {
        peer.log == page.log && peer.places == page.places && (peer.complete || !page.complete)
    });
    if is_news || !says_the_same {
        let taken = core.db().write_house_bulk(move |tx| directory::take(tx, &from, &page)).await?;
        for name in taken.into_iter().flatten() {
            let kind = name.kind().as_str();
            tracing::warn!(
                cell = cell.as_str(),
                kind,
                name = name.text(),
                "a name is claimed that another cell has"
            );
        }
    }
    if let Some((cells, peer)) = core.cells().and_then(|cells| Some((cells, cells.peer(cell)?))) {
        peer.page_read(behind, core.now());
        cells.conflicts.store(core.db().read_house(directory::conflicts).await?, Relaxed);
    }
    Ok(behind > 0)
}
