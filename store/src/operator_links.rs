//! Links whose bearer becomes an operator. Codes are kept as keyed hashes only, and used up by the write.

use crate::{Error, HouseTx, Row, Statement, Statements, sql};
use doorward_model::{OperatorId, OperatorLinkId, Timestamp};

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorLink {
    /// The id.
    pub id: OperatorLinkId,
    /// Whether it is good only while there is no operator.
    pub makes_first: bool,
    /// The operator who made it; `None` for the machine itself.
    pub made_by: Option<OperatorId>,
    /// The installation's epoch when it was made; a restored backup begins a new one.
    pub epoch: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Refused from this moment.
    pub ends_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

const INSERT: Statement =
    sql("INSERT INTO operator_links (id, code_hash, makes_first, made_by, epoch, created_at, ends_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)");

/// Adds a link.
pub fn insert(tx: &mut HouseTx<'_>, link: &OperatorLink, hash: &[u8; 32]) -> Result<(), Error> {
    let OperatorLink { id, makes_first, made_by, epoch, created_at, ends_at, used_at: _ } = link;
    tx.execute(&INSERT, &[id, &hash, makes_first, made_by, epoch, created_at, ends_at])?;
    Ok(())
}

macro_rules! columns {
    () => {
        "id, makes_first, made_by, epoch, created_at, ends_at, used_at"
    };
}

const FIND_BY_HASH: Statement =
    sql(concat!("SELECT ", columns!(), " FROM operator_links WHERE code_hash = $1"));

/// The link of a code's hash, whether it is still good or not.
pub fn find_by_hash(tx: &mut HouseTx<'_>, hash: &[u8; 32]) -> Result<Option<OperatorLink>, Error> {
    tx.row(&FIND_BY_HASH, &[hash], read)
}

const LIST_OPEN: Statement = sql(concat!(
    "SELECT ",
    columns!(),
    " FROM operator_links WHERE used_at IS NULL AND ends_at > $1 AND epoch = $2 ORDER BY id"
));

/// The links that would make an operator now, oldest first.
pub fn list_open(tx: &mut HouseTx<'_>, now: Timestamp, epoch: i64) -> Result<Vec<OperatorLink>, Error> {
    tx.rows(&LIST_OPEN, &[&now, &epoch], read)
}

fn read(row: &Row<'_>) -> Result<OperatorLink, Error> {
    Ok(OperatorLink {
        id: row.get(0)?,
        makes_first: row.get(1)?,
        made_by: row.get(2)?,
        epoch: row.get(3)?,
        created_at: row.get(4)?,
        ends_at: row.get(5)?,
        used_at: row.get(6)?,
    })
}

const USE: Statement = sql("UPDATE operator_links SET used_at = $2 WHERE id = $1 AND used_at IS NULL");

/// Uses a link up; `false` if somebody else did.
pub fn use_up(tx: &mut HouseTx<'_>, id: OperatorLinkId, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&USE, &[&id, &at])? > 0)
}

const END_FIRST: Statement =
    sql("UPDATE operator_links SET used_at = $1 WHERE makes_first = 1 AND used_at IS NULL");

/// Ends the links that make the first operator: a new one replaces those that were lost or seen.
pub fn end_first(tx: &mut HouseTx<'_>, at: Timestamp) -> Result<(), Error> {
    tx.execute(&END_FIRST, &[&at])?;
    Ok(())
}

const END_OF: Statement =
    sql("UPDATE operator_links SET used_at = $2 WHERE made_by = $1 AND used_at IS NULL");

/// Ends the links an operator made that nobody opened yet.
pub fn end_of(tx: &mut HouseTx<'_>, operator: OperatorId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&END_OF, &[&operator, &at])?;
    Ok(())
}
