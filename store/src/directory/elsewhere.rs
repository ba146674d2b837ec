//! What other cells have, as their feeds told it. The first claim to a name stays; a later one waits beside it.

use super::Name;
use super::own::{self, Entry, read_name};
use crate::{Error, HouseTx, Json, Row, Statement, Statements, sql};
use doorward_model::{Dialect, RegionCode};

const HOLDER: Statement = sql("SELECT cell FROM directory_elsewhere WHERE kind = $1 AND name = $2");

/// The other cell that has a name.
pub fn holder(tx: &mut impl Statements, name: &Name) -> Result<Option<RegionCode>, Error> {
    tx.row(&HOLDER, &[&name.kind().as_str(), &name.text()], |row| row.parsed(0, RegionCode::parse))
}

/// Where a cell's services are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places {
    /// Its region's directory of service hosts.
    pub hosts: Vec<(String, String)>,
    /// The base URLs of its doors; a host may hold `{slug}`.
    pub doors: Vec<(Dialect, String)>,
}

/// How far a cell's directory was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    /// The cell.
    pub cell: RegionCode,
    /// Which log of its it was.
    pub log: String,
    /// The last number that was read of it.
    pub number: i64,
    /// Whether its end was reached once.
    pub complete: bool,
    /// What its last page said.
    pub places: Places,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT cell, log, number, complete, places FROM directory_peers ", $rest)
    };
}

const PEER: Statement = sql(select!("WHERE cell = $1"));

/// One cell; `None` before its first page.
pub fn peer(tx: &mut impl Statements, cell: &RegionCode) -> Result<Option<Peer>, Error> {
    tx.row(&PEER, &[&cell.as_str()], read)
}

const LIST_PEERS: Statement = sql(select!("ORDER BY cell"));

/// Every cell that was heard, by name.
pub fn list_peers(tx: &mut impl Statements) -> Result<Vec<Peer>, Error> {
    tx.rows(&LIST_PEERS, &[], read)
}

/// A page of another cell's feed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Which log it is of.
    pub log: String,
    /// After which number it begins.
    pub after: i64,
    /// What became of names, in order.
    pub entries: Vec<Entry>,
    /// The number up to which nothing is missing now.
    pub until: i64,
    /// The last number of the log.
    pub last: i64,
    /// Whether the log ends here.
    pub complete: bool,
    /// Where the cell's services are.
    pub places: Places,
}

const PUT_PEER: Statement =
    sql("INSERT INTO directory_peers (cell, log, number, complete, places) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (cell) DO UPDATE SET log = $2, number = $3, complete = $4, places = $5");

/// Takes a page over, with the place to go on from. Returns the claims it refused and had not refused before; `None`, and
/// nothing happens, if somebody else took the page already.
pub fn take(tx: &mut HouseTx<'_>, cell: &RegionCode, page: &Page) -> Result<Option<Vec<Name>>, Error> {
    let known = peer(tx, cell)?.filter(|known| known.log == page.log);
    let was_complete = known.as_ref().is_some_and(|known| known.complete);
    if page.after != known.map_or(0, |known| known.number) {
        return Ok(None);
    }
    let mut refused = Vec::new();
    for Entry { name, held, .. } in &page.entries {
        if !held {
            give_up(tx, cell, name)?;
        } else if !accept(tx, cell, name, &page.log)? && refuse(tx, cell, name, &page.log)? {
            refused.push(name.clone());
        }
    }
    if page.complete && !was_complete {
        forget(tx, cell, &page.log)?;
    }
    let doors: Vec<_> = page.places.doors.iter().map(|(dialect, url)| (dialect.as_str(), url)).collect();
    let places = Json::of(&(&page.places.hosts, doors))?;
    let complete = page.complete || was_complete;
    tx.execute(&PUT_PEER, &[&cell.as_str(), &page.log, &page.until, &complete, &places])?;
    Ok(Some(refused))
}

const ACCEPT: Statement =
    sql("INSERT INTO directory_elsewhere (kind, name, cell, log) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (kind, name) DO UPDATE SET log = $4 WHERE directory_elsewhere.cell = $3");

/// `false` if this cell or another has the name.
fn accept(tx: &mut impl Statements, cell: &RegionCode, name: &Name, log: &str) -> Result<bool, Error> {
    if own::is_held(tx, name)? {
        return Ok(false);
    }
    Ok(tx.execute(&ACCEPT, &[&name.kind().as_str(), &name.text(), &cell.as_str(), &log])? > 0)
}

const CLAIMED: Statement =
    sql("SELECT 1 FROM directory_conflicts WHERE kind = $1 AND name = $2 AND cell = $3");
const REFUSE: Statement =
    sql("INSERT INTO directory_conflicts (kind, name, cell, log) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (kind, name, cell) DO UPDATE SET log = $4");

/// Keeps a claim for the day on which the first one is given up; `true` if it is new.
fn refuse(tx: &mut impl Statements, cell: &RegionCode, name: &Name, log: &str) -> Result<bool, Error> {
    let claim = [name.kind().as_str(), name.text(), cell.as_str()];
    let known = tx.row(&CLAIMED, &[&claim[0], &claim[1], &claim[2]], |row| row.get::<i64>(0))?;
    tx.execute(&REFUSE, &[&claim[0], &claim[1], &claim[2], &log])?;
    Ok(known.is_none())
}

const DROP: Statement = sql("DELETE FROM directory_elsewhere WHERE kind = $1 AND name = $2 AND cell = $3");
const DROP_CLAIM: Statement =
    sql("DELETE FROM directory_conflicts WHERE kind = $1 AND name = $2 AND cell = $3");

fn give_up(tx: &mut impl Statements, cell: &RegionCode, name: &Name) -> Result<(), Error> {
    tx.execute(&DROP_CLAIM, &[&name.kind().as_str(), &name.text(), &cell.as_str()])?;
    if tx.execute(&DROP, &[&name.kind().as_str(), &name.text(), &cell.as_str()])? > 0 {
        promote(tx, name)?;
    }
    Ok(())
}

const NEXT_CLAIM: Statement = sql("SELECT cell, log FROM directory_conflicts WHERE kind = $1 AND name = $2 \
     ORDER BY cell LIMIT 1");

/// Gives a name that nobody has any more to one who claimed it.
pub(super) fn promote(tx: &mut impl Statements, name: &Name) -> Result<(), Error> {
    let claim = tx.row(&NEXT_CLAIM, &[&name.kind().as_str(), &name.text()], |row| {
        Ok((row.parsed(0, RegionCode::parse)?, row.get::<String>(1)?))
    })?;
    let Some((cell, log)) = claim else { return Ok(()) };
    if accept(tx, &cell, name, &log)? {
        tx.execute(&DROP_CLAIM, &[&name.kind().as_str(), &name.text(), &cell.as_str()])?;
    }
    Ok(())
}

/// Turns another cell's claim to what this cell has into one that waits.
pub(super) fn displace(tx: &mut impl Statements, name: &Name) -> Result<(), Error> {
    let Some(cell) = holder(tx, name)? else { return Ok(()) };
    let log = peer(tx, &cell)?.map(|peer| peer.log).unwrap_or_default();
    refuse(tx, &cell, name, &log)?;
    tx.execute(&DROP, &[&name.kind().as_str(), &name.text(), &cell.as_str()])?;
    Ok(())
}

const STALE: Statement = sql("SELECT kind, name FROM directory_elsewhere WHERE cell = $1 AND log <> $2");
const DROP_STALE_CLAIMS: Statement = sql("DELETE FROM directory_conflicts WHERE cell = $1 AND log <> $2");

/// Forgets what a cell told in any log but this one.
fn forget(tx: &mut impl Statements, cell: &RegionCode, but: &str) -> Result<(), Error> {
    tx.execute(&DROP_STALE_CLAIMS, &[&cell.as_str(), &but])?;
    for name in tx.rows(&STALE, &[&cell.as_str(), &but], |row| read_name(row, 0, 1))? {
        give_up(tx, cell, &name)?;
    }
    Ok(())
}

const DROP_PEER: Statement = sql("DELETE FROM directory_peers WHERE cell = $1");

/// Forgets every cell but these.
pub fn forget_others(tx: &mut HouseTx<'_>, cells: &[RegionCode]) -> Result<(), Error> {
    for peer in list_peers(tx)?.into_iter().filter(|peer| !cells.contains(&peer.cell)) {
        forget(tx, &peer.cell, "")?;
        tx.execute(&DROP_PEER, &[&peer.cell.as_str()])?;
    }
    Ok(())
}

const CONFLICTS: Statement = sql("SELECT COUNT(*) FROM directory_conflicts");

/// How many claims wait because another cell, or this one, was first.
pub fn conflicts(tx: &mut HouseTx<'_>) -> Result<i64, Error> {
    Ok(tx.row(&CONFLICTS, &[], |row| row.get(0))?.unwrap_or(0))
}

fn read(row: &Row<'_>) -> Result<Peer, Error> {
    let (hosts, doors): (_, Vec<(String, String)>) = row.json(4)?;
    let known = |(dialect, url): (String, String)| Some((Dialect::parse(&dialect)?, url));
    Ok(Peer {
        cell: row.parsed(0, RegionCode::parse)?,
        log: row.get(1)?,
        number: row.get(2)?,
        complete: row.get(3)?,
        places: Places { hosts, doors: doors.into_iter().filter_map(known).collect() },
    })
}
