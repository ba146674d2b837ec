//! Inviting: a person without a password, a code and a mail with the link that sets it, in one transaction.

use crate::links::LinkForm;
use crate::people::NewPerson;
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Membership, Person, PersonId};

/// Makes a person and mails them an invitation. `new.password` must be `NewPassword::None`.
///
/// Errors as [`crate::people::create`]; [`Error::Throttled`] when the pool has caused its mails for this hour.
pub async fn invite(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
    link: LinkForm,
) -> Result<(Person, Membership)> {
    let _ = (core, caller, actor, branch, new, link);
    Err(Error::Internal)
}

/// Mails another invitation; the code of the one before is void. [`Error::Conflict`] once they have a password.
pub async fn again(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    link: LinkForm,
) -> Result<()> {
    let _ = (core, caller, actor, branch, person, link);
    Err(Error::Internal)
}
