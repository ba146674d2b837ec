//! Running statements on a SQLite connection.
//!
//! `$n` needs no rewriting: SQLite takes it for a parameter's *name* and numbers parameters by first
//! appearance, so each is bound by reading its name. SQLite's own tokenizer decides what is a placeholder and
//! what is a `$` inside a string literal.

use super::errors::translate;
use crate::{Error, Row, Statement, ToValue, Value, engine};
use rusqlite::{
    CachedStatement, Connection,
    types::{ToSqlOutput, ValueRef},
};

/// A connection inside a transaction, or one that runs a single statement.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    connection: &'a Connection,
    is_transaction: bool,
}

impl<'a> Session<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection, is_transaction: true }
    }

    pub(super) fn of_one_statement(connection: &'a Connection) -> Self {
        Self { connection, is_transaction: false }
    }

    pub(crate) fn row<T>(
        self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut bound = self.bind(statement, parameters)?;
        let mut rows = bound.raw_query();
        let row = rows.next().map_err(translate)?;
        row.map(|row| map(&Row::new(statement.sqlite(), engine::Row::Sqlite(row)))).transpose()
    }

    pub(crate) fn rows<T>(
        self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut bound = self.bind(statement, parameters)?;
        let mut rows = bound.raw_query();
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            all.push(map(&Row::new(statement.sqlite(), engine::Row::Sqlite(row)))?);
        }
        Ok(all)
    }

    pub(crate) fn execute(self, statement: &Statement, parameters: &[&dyn ToValue]) -> Result<u64, Error> {
        let changed = self.bind(statement, parameters)?.raw_execute().map_err(translate)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn bind(self, statement: &Statement, parameters: &[&dyn ToValue]) -> Result<CachedStatement<'a>, Error> {
        // Some failures (a full disk) roll the whole transaction back. A closure that goes on regardless would
        // then commit statement by statement.
        if self.is_transaction && self.connection.is_autocommit() {
            return Err(Error::Unavailable {
                reason: "the transaction was lost to an earlier error".to_owned(),
            });
        }
        let mut prepared = self.connection.prepare_cached(statement.sqlite()).map_err(translate)?;
        let mut used = 0;
        for index in 1..=prepared.parameter_count() {
            let number = placeholder(prepared.parameter_name(index)).ok_or_else(|| {
                Error::Fault(format!("a placeholder is not $1, $2 … in: {}", statement.sqlite()))
            })?;
            let Some(parameter) = parameters.get(number - 1) else {
                return Err(Error::Fault(format!("no value for ${number} in: {}", statement.sqlite())));
            };
            used = used.max(number);
            prepared.raw_bind_parameter(index, Bound(parameter.to_value())).map_err(translate)?;
        }
        if used == parameters.len() {
            Ok(prepared)
        } else {
            Err(Error::Fault(format!(
                "{} values for {used} placeholders in: {}",
                parameters.len(),
                statement.sqlite()
            )))
        }
    }
}

fn placeholder(name: Option<&str>) -> Option<usize> {
    name?.strip_prefix('$')?.parse().ok().filter(|number| *number > 0)
}

/// A value in rusqlite's terms.
struct Bound<'a>(Value<'a>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match &self.0 {
            Value::Null(_) => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Id(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A column's value; `None` for a floating-point number or broken UTF-8, which no column of ours holds.
pub(crate) fn column<'a>(row: &'a rusqlite::Row<'_>, column: usize) -> Option<Value<'a>> {
    match row.get_ref(column).ok()? {
        ValueRef::Null => Some(Value::Null(None)),
        ValueRef::Integer(number) => Some(Value::Int(number)),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().map(Value::Text),
        ValueRef::Blob(bytes) => Some(Value::Bytes(bytes)),
        ValueRef::Real(_) => None,
    }
}
