//! Setting somebody else's password, as their administrator.

use super::prepare_for;
use super::replace::Replacement;
use crate::people::{Revision, revise};
use crate::{Actor, Branch, Caller, Core, Result};
use doorward_model::{EventKind, Person, PersonId, Secret};
use doorward_store::{Error as StoreError, Tx};

/// Sets a person's password and ends their sessions; with `require_new`, they must choose another at the next
/// sign-in. The actor must administer the whole account, that is, every place the person has, and is not the person.
pub async fn set(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    new: Secret,
    require_new: bool,
) -> Result<Person> {
    let revision = Revision { password: Some((new, require_new)), ..Revision::default() };
    revise(core, caller, actor, branch, person, revision).await
}

/// A password that is set, checked and hashed before the transaction that sets it.
pub(crate) struct Setting {
    replacement: Replacement,
    require_new: bool,
}

impl Setting {
    /// For somebody whom the actor administers; `known` is what the new password may not repeat.
    pub(crate) async fn prepare(
        core: &Core,
        caller: &Caller,
        actor: &Actor,
        branch: &Branch,
        known: &Person,
        new: &Secret,
        require_new: bool,
    ) -> Result<Self> {
        let hash = prepare_for(core, branch, known, new).await?;
        let at = (branch.pool(), branch.tenant().id);
        let event = core.act(caller, actor, EventKind::PasswordSet, at, core.now())?;
        Ok(Self { replacement: Replacement::new(core, caller, branch, hash, event)?, require_new })
    }

    /// Writes it for `person` as they stand in this transaction. Nothing may be written after it.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, person: Person) -> Result<Person, StoreError> {
        let person = Person { password_reset_required: self.require_new, ..person };
        self.replacement.write(tx, person, None)
    }
}
