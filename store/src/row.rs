//! One row of a result, while the statement stands on it.

use crate::{Error, FromValue, Json, Value, engine};
use serde::de::DeserializeOwned;

/// A row; columns count from zero, in the order the statement names them.
pub struct Row<'a> {
    statement: &'static str,
    driver: engine::Row<'a>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(statement: &'static str, driver: engine::Row<'a>) -> Self {
        Self { statement, driver }
    }

    /// The value of a column. A wrong type, a NULL where none is read, or a malformed id is
    /// [`Error::BrokenRow`].
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, Error> {
        let value = self.driver.value(column).and_then(T::from_value);
        value.ok_or_else(|| self.broken(column))
    }

    /// A text that only `parse` can judge: `row.parsed(3, PersonStatus::parse)`.
    pub fn parsed<T>(&self, column: usize, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
        self.parsed_option(column, parse)?.ok_or_else(|| self.broken(column))
    }

    /// The same where NULL is `None`.
    pub fn parsed_option<T>(
        &self,
        column: usize,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let parsed = match self.driver.value(column) {
            Some(Value::Null(_)) => return Ok(None),
            Some(Value::Text(text)) => parse(text),
            Some(Value::Int(_) | Value::Bytes(_) | Value::Id(_)) | None => None,
        };
        parsed.map(Some).ok_or_else(|| self.broken(column))
    }

    /// A JSON column, read as a row type.
    pub fn json<T: DeserializeOwned>(&self, column: usize) -> Result<T, Error> {
        self.get::<Json>(column)?.read().ok_or_else(|| self.broken(column))
    }

    /// The error for a column whose value no version of this program writes.
    pub fn broken(&self, column: usize) -> Error {
        Error::BrokenRow { statement: self.statement, column: self.driver.name(column) }
    }
}
