//! What SQLite says, in the store's terms.

use crate::Error;
use rusqlite::{ErrorCode, ffi};

/// Translates an error of the driver.
pub(super) fn translate(error: rusqlite::Error) -> Error {
    let Some(failure) = error.sqlite_error() else {
        return Error::Fault(error.to_string());
    };
    if failure.code == ErrorCode::ConstraintViolation {
        return constraint(failure.extended_code, &error.to_string());
    }
    let code = failure.code;
    if code == ErrorCode::DiskFull {
        Error::Full
    } else if code == ErrorCode::ReadOnly {
        Error::ReadOnly
    } else if is_outside(code) {
        Error::Unavailable { reason: error.to_string() }
    } else {
        Error::Fault(error.to_string())
    }
}

/// Whether the cause lies outside this program, so that it may pass or be mended while the program runs.
fn is_outside(code: ErrorCode) -> bool {
    use ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, FileLockingProtocolFailed, NotADatabase,
        OperationInterrupted, OutOfMemory, PermissionDenied, SystemIoFailure,
    };
    matches!(
        code,
        CannotOpen
            | DatabaseBusy
            | DatabaseCorrupt
            | DatabaseLocked
            | FileLockingProtocolFailed
            | NotADatabase
            | OperationInterrupted
            | OutOfMemory
            | PermissionDenied
            | SystemIoFailure
    )
}

/// Finds the name in `UNIQUE constraint failed: person.pool, person.email`.
fn constraint(extended_code: i32, message: &str) -> Error {
    if extended_code == ffi::SQLITE_CONSTRAINT_DATATYPE {
        return Error::Fault(message.to_owned());
    }
    let name = message.split_once("constraint failed: ").map_or("foreign key", |(_, name)| name);
    let index = name.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\''));
    Error::Constraint { name: index.unwrap_or(name).to_owned() }
}
