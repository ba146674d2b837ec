//! Running statements inside a transaction: unnamed and with their types, so that nothing is prepared in a session that
//! may be another one for the next transaction.

use super::{
    errors::Failure,
    link::Link,
    text::{ends_transactions, placeholders},
    values::Bound,
};
use crate::{Error, Row, Statement, ToValue, Value, engine};
use std::cell::RefCell;
use tokio_postgres::types::{ToSql, Type};

/// A transaction while it is open.
pub(super) struct Open<'a> {
    link: &'a Link,
    /// What took it down. PostgreSQL would answer COMMIT with a silent rollback.
    failure: RefCell<Option<Failure>>,
}

impl<'a> Open<'a> {
    pub(super) fn new(link: &'a Link) -> Self {
        Self { link, failure: RefCell::new(None) }
    }

    pub(super) fn into_failure(self) -> Option<Failure> {
        self.failure.into_inner()
    }

    fn fails(&self, failure: Failure) -> Error {
        self.failure.replace(Some(failure.clone()));
        failure.into_error()
    }
}

/// A connection inside a transaction.
#[derive(Clone, Copy)]
pub struct Session<'a>(&'a Open<'a>);

type Typed<'a> = [(&'a (dyn ToSql + Sync), Type)];

impl<'a> Session<'a> {
    pub(super) fn new(open: &'a Open<'a>) -> Self {
        Self(open)
    }

    pub(crate) fn row<T>(
        self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let rows = self.query(statement, parameters)?;
        let first = rows.first();
        first.map(|row| map(&Row::new(statement.postgres(), engine::Row::Postgres(row)))).transpose()
    }

    pub(crate) fn rows<T>(
        self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let rows = self.query(statement, parameters)?;
        rows.iter().map(|row| map(&Row::new(statement.postgres(), engine::Row::Postgres(row)))).collect()
    }

    pub(crate) fn execute(self, statement: &Statement, parameters: &[&dyn ToValue]) -> Result<u64, Error> {
        self.run(statement.postgres(), parameters, |typed| {
            self.0.link.answer(self.0.link.client().execute_typed(statement.postgres(), typed))
        })
    }

    pub(crate) fn others(self) -> Result<Vec<String>, Error> {
        self.0.link.others().map_err(|failure| self.0.fails(failure))
    }

    fn query(
        self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
    ) -> Result<Vec<tokio_postgres::Row>, Error> {
        self.run(statement.postgres(), parameters, |typed| {
            self.0.link.answer(self.0.link.client().query_typed(statement.postgres(), typed))
        })
    }

    fn run<T>(
        self,
        text: &'static str,
        parameters: &[&dyn ToValue],
        ask: impl FnOnce(&Typed<'_>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        if self.0.failure.borrow().is_some() {
            return Err(Error::Unavailable {
                reason: "the transaction was lost to an earlier error".to_owned(),
            });
        }
        if ends_transactions(text) {
            let meddling = Error::Fault(format!("only the engine begins and ends transactions, not: {text}"));
            return Err(self.0.fails(Failure::Final(meddling)));
        }
        let (given, used) = (parameters.len(), placeholders(text));
        if given != used {
            return Err(Error::Fault(format!("{given} values for {used} placeholders in: {text}")));
        }
        let bound: Vec<Bound<'_>> = parameters.iter().map(|parameter| Bound(parameter.to_value())).collect();
        if bound.iter().any(|bound| matches!(bound.0, Value::Text(text) if text.contains('\0'))) {
            return Err(Error::Fault(format!(
                "a text with a NUL character, which PostgreSQL cannot keep, for: {text}"
            )));
        }
        let typed: Vec<(&(dyn ToSql + Sync), Type)> =
            bound.iter().map(|bound| (bound as &(dyn ToSql + Sync), bound.kind())).collect();
        ask(&typed).map_err(|failure| self.0.fails(failure))
    }
}
