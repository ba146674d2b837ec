//! Forms about what somebody else may change meanwhile: each says in a hidden field for which version it was filled in.

use crate::visit::Posted;
use doorward_core::{Error, Result};

/// What whoever was not the first does where something is saved.
pub(super) const SAVE: &str = "look whether what stands here is still right, then save again";

/// What whoever renews a secret does then: a second press, or a reload of the page with the new one.
pub(super) const RENEW: &str = "it may have its new secret already. Go on only to replace that one, too: the one before it ends then, whatever was chosen for it";

/// Refuses a form that was filled in for another version than is there; `then` says what to do. Asked before the password is:
/// a form that comes back for want of one must not come back for a version that nobody was told of.
pub(super) fn check(posted: &Posted, there: i64, then: &str) -> Result<()> {
    check_version(posted.text("version"), there, then)
}

/// The same of what stands in the hidden field of a form with a file.
pub(super) fn check_version(shown: &str, there: i64, then: &str) -> Result<()> {
    // A form that says nothing is of a page from before there were versions: nobody knows what it showed.
    let is_of_this = shown.parse() == Ok(there);
    if is_of_this { Ok(()) } else { Err(changed(then)) }
}

/// The same where it was changed between that check and the step itself.
pub(super) fn told(error: Error, then: &str) -> Error {
    if matches!(error, Error::Conflict { field: "version", .. }) { changed(then) } else { error }
}

fn changed(then: &str) -> Error {
    Error::conflict("changed_meanwhile", then)
}
