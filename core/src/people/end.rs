//! Ending accounts: disabling, enabling again, deleting. All of it ends every session, key and open code at once.

use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Person, PersonId};

/// Disables a person of `branch`: nothing of theirs works until they are enabled again.
pub async fn disable(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Person> {
    let _ = (core, caller, actor, branch, id);
    Err(Error::Internal)
}

/// Enables a disabled person again. Sessions and keys from before stay ended.
pub async fn enable(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Person> {
    let _ = (core, caller, actor, branch, id);
    Err(Error::Internal)
}

/// Deletes a person: gone for clients, kept for the audit trail; the e-mail may sign up anew.
pub async fn delete(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Person> {
    let _ = (core, caller, actor, branch, id);
    Err(Error::Internal)
}
