//! Setting somebody else's password, as their administrator.

use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Person, PersonId, Secret};

/// Sets a person's password and ends their sessions; with `require_new`, they must choose another at the next
/// sign-in. The actor must administer the whole account, that is, every place the person has.
pub async fn set(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    new: Secret,
    require_new: bool,
) -> Result<Person> {
    let _ = (core, caller, actor, branch, person, new, require_new);
    Err(Error::Internal)
}
