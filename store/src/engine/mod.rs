//! Engines: how a queued closure becomes a committed transaction.
//!
//! `job.rs`, `queue.rs`, `ears.rs`, `hearing.rs` (with `primary.rs`) and `stats.rs` serve every engine; a folder holds what is one engine's own. The
//! enums here are the only place where engines are told apart.

mod ears;
mod hearing;
mod job;
mod postgres;
mod primary;
mod queue;
mod sqlite;
mod stats;

pub use hearing::{HeardStats, Hearing};
pub(crate) use job::{Answer, call};
pub use postgres::PostgresSettings;
pub(crate) use postgres::{Failure, Link, Postgres};
use primary::{Behind, Witness};
pub(crate) use queue::{Lane, Safety};
pub(crate) use sqlite::{Column, Sqlite, columns};
pub use sqlite::{Progress, Replaced, Restore, RestoreError, Restored, SqliteSettings, restore};
pub use stats::{Connections, Stats};

use crate::{Error, Invalidation, Statement, ToValue, Value};
use doorward_model::Timestamp;
use std::sync::Arc;

/// What is told of stale things after COMMIT.
pub(crate) type Hook = Arc<dyn Fn(&[Invalidation]) + Send + Sync>;

/// What tells the times of the revocation log: this crate reads no clock.
pub(crate) type LogClock = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// A connection inside a transaction.
#[derive(Clone, Copy)]
pub enum Driver<'a> {
    Sqlite(sqlite::Session<'a>),
    Postgres(postgres::Session<'a>),
}

/// A row of one of the engines.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Driver<'_> {
    pub(crate) fn row<T>(
        self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        map: impl FnMut(&crate::Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match self {
            Self::Sqlite(session) => session.row(statement, parameters, map),
            Self::Postgres(session) => session.row(statement, parameters, map),
        }
    }

    pub(crate) fn rows<T>(
        self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        map: impl FnMut(&crate::Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        match self {
            Self::Sqlite(session) => session.rows(statement, parameters, map),
            Self::Postgres(session) => session.rows(statement, parameters, map),
        }
    }

    pub(crate) fn execute(self, statement: &Statement, parameters: &[&dyn ToValue]) -> Result<u64, Error> {
        match self {
            Self::Sqlite(session) => session.execute(statement, parameters),
            Self::Postgres(session) => session.execute(statement, parameters),
        }
    }

    /// Who else is connected to the database as the same user, under another name than this connection's: "doorward from
    /// 10.0.0.7". Nobody, where the engine lets one process in.
    pub(crate) fn others(self) -> Result<Vec<String>, Error> {
        match self {
            Self::Sqlite(_) => Ok(Vec::new()),
            Self::Postgres(session) => session.others(),
        }
    }
}

impl Row<'_> {
    /// The value of a column; `None` when there is no such column, or it holds what no column of ours may.
    pub(crate) fn value(&self, column: usize) -> Option<Value<'_>> {
        match self {
            Self::Sqlite(row) => sqlite::column(row, column),
            Self::Postgres(row) => postgres::column(row, column),
        }
    }

    /// The column's name, or its index when it has none.
    pub(crate) fn name(&self, column: usize) -> String {
        match self {
            Self::Sqlite(row) => {
                row.as_ref().column_name(column).map_or_else(|_| column.to_string(), str::to_owned)
            }
            Self::Postgres(row) => {
                row.columns().get(column).map_or_else(|| column.to_string(), |it| it.name().to_owned())
            }
        }
    }
}
