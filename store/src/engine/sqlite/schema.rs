//! What tables there are, of which columns: read from a database in memory that the migrations have just made.
//!
//! Every engine has the same ones, because the same migrations make them; and SQLite is always at hand.

use super::errors::translate;
use crate::{Error, Kind, migrate};
use rusqlite::Connection;

/// A column of a table.
pub(crate) struct Column {
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Its place in the primary key, from 1 on; 0 when it is not in it.
    pub(crate) in_key: i64,
}

/// Every column of every table, tables in the order in which migrations make them.
pub(crate) fn columns() -> Result<Vec<Column>, Error> {
    let mut connection = Connection::open_in_memory().map_err(translate)?;
    migrate::sqlite(&mut connection).map_err(|error| match error {
        migrate::Error::Sqlite(error) => translate(error),
        migrate::Error::Refused(refusal) => Error::Fault(refusal.to_string()),
        migrate::Error::Foreign => Error::Fault("an empty database is somebody else's".to_owned()),
    })?;
    let mut statement = connection
        .prepare(
            "SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.rowid, c.cid",
        )
        .map_err(translate)?;
    let mut rows = statement.raw_query();
    let mut columns = Vec::new();
    while let Some(row) = rows.next().map_err(translate)? {
        columns.push(column(row)?);
    }
    Ok(columns)
}

fn column(row: &rusqlite::Row<'_>) -> Result<Column, Error> {
    let (table, name): (String, String) = (row.get(0).map_err(translate)?, row.get(1).map_err(translate)?);
    let declared: String = row.get(2).map_err(translate)?;
    let kind = match declared.as_str() {
        "INTEGER" => Kind::Int,
        "TEXT" => Kind::Text,
        "BLOB" => Kind::Bytes,
        other => return Err(Error::Fault(format!("{table}.{name} is of the type {other}"))),
    };
    Ok(Column { table, name, kind, in_key: row.get(3).map_err(translate)? })
}
