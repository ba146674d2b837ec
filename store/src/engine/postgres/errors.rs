//! What PostgreSQL says, in the store's terms, and what is to be done about it.

use super::{address::describe, remedies};
use crate::Error;
use tokio_postgres::error::{DbError, SqlState};

/// Why a statement, or connecting, did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The transaction met another one: it was rolled back and may run again.
    Again(String),
    /// The connection is gone, or can no longer be trusted.
    Lost(String),
    /// Somebody else held a lock for longer than was to be waited.
    Held(String),
    /// The server takes no writes: it became a standby, or was told to.
    Standby(String),
    /// Running it again would change nothing.
    Final(Error),
}

impl Failure {
    /// What a caller is told when nothing more is tried.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Again(reason) | Self::Lost(reason) | Self::Held(reason) => Error::Unavailable { reason },
            Self::Standby(_) => Error::ReadOnly,
            Self::Final(error) => error,
        }
    }

    /// Why there is no connection, for an operator.
    pub(super) fn into_reason(self) -> String {
        match self {
            Self::Again(reason)
            | Self::Lost(reason)
            | Self::Held(reason)
            | Self::Standby(reason)
            | Self::Final(Error::Fault(reason) | Error::Unavailable { reason }) => reason,
            Self::Final(error) => error.to_string(),
        }
    }
}

/// Translates an error of the driver.
pub(super) fn translate(error: &tokio_postgres::Error) -> Failure {
    match error.as_db_error() {
        Some(said) => of_server(said),
        // Cut, out of step or out of time: whatever it is, nothing more can be learned over this connection.
        None => Failure::Lost(with(describe(error), remedies::of_driver(error))),
    }
}

/// What was said, and what can be done about it.
fn with(said: String, remedy: Option<&str>) -> String {
    remedy.map_or_else(|| said.clone(), |remedy| format!("{said}: {remedy}"))
}

fn of_server(said: &DbError) -> Failure {
    let code = said.code();
    let text = || with(format!("{} ({})", said.message(), code.code()), remedies::of_server(code));
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        Failure::Again(text())
    } else if is_standbys(said) {
        Failure::Standby(text())
    } else if is_lost(code) {
        Failure::Lost(text())
    } else if *code == SqlState::LOCK_NOT_AVAILABLE {
        Failure::Held(text())
    } else if *code == SqlState::DISK_FULL {
        Failure::Final(Error::Full)
    } else if let Some(name) = constraint(said) {
        Failure::Final(Error::Constraint { name })
    } else if is_outside(code) {
        Failure::Final(Error::Unavailable { reason: text() })
    } else {
        Failure::Final(Error::Fault(text()))
    }
}

/// Whether the server takes no writes. A standby refuses SERIALIZABLE before it comes to see that the transaction writes.
fn is_standbys(said: &DbError) -> bool {
    *said.code() == SqlState::READ_ONLY_SQL_TRANSACTION
        || *said.code() == SqlState::FEATURE_NOT_SUPPORTED
            && said.routine().is_some_and(|routine| routine == "GetSerializableTransactionSnapshot")
}

/// Whether the session is over: connection exceptions (class 08), the server going down or not being up yet, a session
/// that was ended, too many of them, or one that may not be opened.
fn is_lost(code: &SqlState) -> bool {
    let alike = [
        &SqlState::ADMIN_SHUTDOWN,
        &SqlState::CRASH_SHUTDOWN,
        &SqlState::CANNOT_CONNECT_NOW,
        &SqlState::DATABASE_DROPPED,
        &SqlState::IDLE_SESSION_TIMEOUT,
        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        &SqlState::TOO_MANY_CONNECTIONS,
        &SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN,
    ];
    alike.contains(&code) || ["08", "28", "3D"].iter().any(|class| code.code().starts_with(class))
}

/// Whether the cause lies outside this program, so that it may pass or be mended while the program runs: resources
/// (53), the operator or a timeout (57), a lock not had (55), the system (58), damaged data (XX001, XX002).
fn is_outside(code: &SqlState) -> bool {
    let damaged = [&SqlState::DATA_CORRUPTED, &SqlState::INDEX_CORRUPTED];
    damaged.contains(&code) || ["53", "55", "57", "58"].iter().any(|class| code.code().starts_with(class))
}

/// The broken rule, named as on SQLite: by table and columns where it has some.
fn constraint(said: &DbError) -> Option<String> {
    let code = said.code();
    let named = || said.constraint().map_or_else(|| said.message().to_owned(), str::to_owned);
    if *code == SqlState::UNIQUE_VIOLATION {
        Some(unique(said).unwrap_or_else(named))
    } else if *code == SqlState::NOT_NULL_VIOLATION {
        Some(
            said.table().zip(said.column()).map_or_else(named, |(table, column)| format!("{table}.{column}")),
        )
    } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
        Some("foreign key".to_owned())
    } else if *code == SqlState::CHECK_VIOLATION || *code == SqlState::EXCLUSION_VIOLATION {
        Some(named())
    } else {
        None
    }
}

/// Finds the columns in `Key (pool, email_key)=(…, …) already exists.`, whatever the server's language; an index on
/// expressions goes by its own name.
fn unique(said: &DbError) -> Option<String> {
    let (_, rest) = said.detail()?.split_once('(')?;
    let (columns, _) = rest.split_once(")=(")?;
    if columns.contains('(') {
        return None;
    }
    let table = said.table()?;
    let named: Vec<String> = columns.split(", ").map(|column| format!("{table}.{column}")).collect();
    Some(named.join(", "))
}
