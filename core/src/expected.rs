//! Changing what somebody has read: a change that names the version it was made for is refused once there is another.
//! Asked in the transaction that writes, or two who read the same could both succeed.

use crate::{Error, Result};

/// The version a change was made for; `None` changes whatever is there.
pub type Expected = Option<i64>;

/// [`Error::Conflict`] of the field `version` where another version is there than the one expected.
pub(crate) fn check(expected: Expected, there: i64) -> Result<()> {
    if expected.is_none_or(|version| version == there) {
        Ok(())
    } else {
        Err(Error::conflict("version", format!("it was changed since; this is version {there}")))
    }
}
