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

/// What to do with a page of another cell's directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Follows {
    /// It goes on where this one stopped.
    On {
        /// As which log it is to be taken.
        log: String,
    },
    /// The directory has begun anew, and is read from its start.
    Anew {
        /// As which log that is to be taken.
        log: String,
        /// It is the same log and shorter than it was: its database was put back in time by other means than ours.
        was_put_back: bool,
    },
}

/// Stands between what a cell calls its log and how many times that log was found to be put back in time. No cell's word.
pub const PUT_BACK: char = '#';

impl Position {
    /// How a page stands to what was read before. A log that is shorter than it was is another one, whatever its cell calls
    /// it: its numbers will be given to other names, and what it told before and does not tell now is to be forgotten.
    pub fn follows(&self, page: &Page) -> Follows {
        let (told, times) = self.log.split_once(PUT_BACK).unwrap_or((&self.log, "0"));
        if told != page.log {
            let log = page.log.clone();
            return if self.number == 0 {
                Follows::On { log }
            } else {
                Follows::Anew { log, was_put_back: false }
            };
        }
        if page.until >= page.after {
            return Follows::On { log: self.log.clone() };
        }
        let times = times.parse::<u64>().unwrap_or(0).saturating_add(1);
        Follows::Anew { log: format!("{told}{PUT_BACK}{times}"), was_put_back: true }
    }
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

/// Looks through all names once, a page at a time, and takes into the directory what a node that knows no cells made beside it:
/// while nodes are upgraded one by one, the old ones go on making names. Returns how many those were.
pub async fn announce(core: &Core) -> Result<u64> {
    fill(core).await?;
    let (mut found, mut from) = (0, None);
    loop {
        let after = from.take();
        let looked = core.db().read_house(move |tx| directory::list_unannounced(tx, after.as_ref(), PAGE));
        let (names, next) = looked.await?;
        found += names.len() as u64;
        if !names.is_empty() {
            core.db().write_house_bulk(move |tx| directory::announce(tx, &names)).await?;
        }
        match next {
            Some(next) => from = Some(next),
            None => return Ok(found),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(log: &str, number: i64) -> Position {
        Position { log: log.to_owned(), number }
    }

    fn page(log: &str, after: i64, until: i64) -> Page {
        let (entries, places) = (Vec::new(), super::super::Places::default());
        Page { log: log.to_owned(), after, entries, until, last: until, complete: true, places }
    }

    fn on(log: &str) -> Follows {
        Follows::On { log: log.to_owned() }
    }

    fn anew(log: &str, was_put_back: bool) -> Follows {
        Follows::Anew { log: log.to_owned(), was_put_back }
    }

    #[test]
    fn a_log_goes_on_or_begins_anew_and_never_goes_back() {
        assert_eq!(Position::default().follows(&page("a-1", 0, 7)), on("a-1"));
        assert_eq!(at("a-1", 7).follows(&page("a-1", 7, 7)), on("a-1"));
        assert_eq!(at("a-1", 7).follows(&page("a-2", 7, 3)), anew("a-2", false));
        assert_eq!(at("a-1", 7).follows(&page("a-2", 7, 9)), anew("a-2", false));
        assert_eq!(at("a-1", 7).follows(&page("a-1", 7, 3)), anew("a-1#1", true));
        assert_eq!(at("a-1#1", 3).follows(&page("a-1", 3, 4)), on("a-1#1"));
        assert_eq!(at("a-1#1", 4).follows(&page("a-1", 4, 2)), anew("a-1#2", true));
        assert_eq!(at("a-1#2", 4).follows(&page("a-2", 4, 2)), anew("a-2", false));
    }
}
