//! Changing one's own password.

use crate::{Caller, Core, Error, Identity, Result};
use doorward_model::{Person, Secret};

/// Changes the password of whoever is signed in. Every other session of theirs ends, and every open code.
///
/// `current` must be right, unless a new password is required of them anyway: [`Error::CurrentPasswordWrong`]
/// otherwise, counted like a failed sign-in, so [`Error::Throttled`] after too many. [`Error::PasswordRefused`] for a
/// new one that breaks a rule.
pub async fn change(
    core: &Core,
    caller: &Caller,
    identity: &Identity,
    current: Option<Secret>,
    new: Secret,
) -> Result<Person> {
    let _ = (core, caller, identity, current, new);
    Err(Error::Internal)
}
