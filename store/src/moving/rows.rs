//! Rows as they are moved: read and written in the order of their key, a bounded number at a time.
//!
//! Both engines order keys alike, as bytes and numbers, so what has arrived is always the first part of the table, and the
//! last key there says how far a move has come.

use super::{Table, tables, texts::ROWS_OF_INSERT};
use crate::{Error, FromValue, HouseTx, Kind, Row, Statements, ToValue, Value};

/// What one column of one row holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, in a column of this kind.
    Null(Kind),
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row: a cell for each column of its table. It cannot be printed, because it holds keyed hashes and sealed mails.
pub type Record = Vec<Cell>;

/// Up to `limit` rows in the order of their key: the first ones, or those after a key.
pub fn read(
    tx: &mut HouseTx<'_>,
    table: &Table,
    after: Option<&[Cell]>,
    limit: i64,
) -> Result<Vec<Record>, Error> {
    let statement = if after.is_some() { &table.texts.next } else { &table.texts.first };
    let mut parameters: Vec<&dyn ToValue> = Vec::new();
    parameters.extend(after.unwrap_or_default().iter().map(|cell| cell as &dyn ToValue));
    parameters.push(&limit);
    let kinds: Vec<Kind> = table.columns.iter().map(|(_, kind)| *kind).collect();
    tx.rows(statement, &parameters, |row| cells(row, &kinds))
}

/// The key of the last row there is.
pub fn last(tx: &mut HouseTx<'_>, table: &Table) -> Result<Option<Vec<Cell>>, Error> {
    let kinds = table.key.iter().filter_map(|at| table.columns.get(*at)).map(|(_, kind)| *kind);
    let kinds: Vec<Kind> = kinds.collect();
    tx.row(&table.texts.last, &[], |row| cells(row, &kinds))
}

/// Adds rows that are not there yet. [`Error::Constraint`] where one of them is.
pub fn insert(tx: &mut HouseTx<'_>, table: &Table, records: &[Record]) -> Result<(), Error> {
    for records in records.chunks(ROWS_OF_INSERT) {
        if records.len() == ROWS_OF_INSERT {
            tx.execute(&table.texts.insert_many, &values(records))?;
        } else {
            for record in records {
                tx.execute(&table.texts.insert_one, &values(std::slice::from_ref(record)))?;
            }
        }
    }
    Ok(())
}

/// How many rows there are.
pub fn count(tx: &mut HouseTx<'_>, table: &Table) -> Result<u64, Error> {
    let rows: Option<i64> = tx.row(&table.texts.count, &[], |row| row.get(0))?;
    Ok(rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0))
}

/// Removes every row.
pub fn clear(tx: &mut HouseTx<'_>, table: &Table) -> Result<u64, Error> {
    tx.execute(&table.texts.clear, &[])
}

/// Whether no table holds anything that would be moved.
pub fn is_empty(tx: &mut HouseTx<'_>) -> Result<bool, Error> {
    for table in tables()? {
        if last(tx, &table)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who else has the database open as the same user, in words. It is a server's own word, so a pooler's idle connections
/// are among them; where one process has the database, nobody is.
pub fn others(tx: &mut HouseTx<'_>) -> Result<Vec<String>, Error> {
    tx.others()
}

fn values(records: &[Record]) -> Vec<&dyn ToValue> {
    records.iter().flatten().map(|cell| cell as &dyn ToValue).collect()
}

fn cells(row: &Row<'_>, kinds: &[Kind]) -> Result<Vec<Cell>, Error> {
    let cell = |(column, kind): (usize, &Kind)| {
        let cell = row.get::<Option<Cell>>(column)?.unwrap_or(Cell::Null(*kind));
        if cell.kind() == *kind { Ok(cell) } else { Err(row.broken(column)) }
    };
    kinds.iter().enumerate().map(cell).collect()
}

impl Cell {
    fn kind(&self) -> Kind {
        match self {
            Self::Null(kind) => *kind,
            Self::Int(_) => Kind::Int,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
        }
    }
}

impl ToValue for Cell {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Null(kind) => Value::Null(Some(*kind)),
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
        }
    }
}

impl FromValue for Cell {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null(kind) => kind.map(Self::Null),
            Value::Int(number) => Some(Self::Int(number)),
            Value::Text(text) => Some(Self::Text(text.to_owned())),
            Value::Bytes(bytes) => Some(Self::Bytes(bytes.to_vec())),
            Value::Id(bytes) => Some(Self::Bytes(bytes.to_vec())),
        }
    }
}
