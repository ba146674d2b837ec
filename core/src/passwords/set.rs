//! Setting somebody else's password, as their administrator.

use super::prepare_for;
use super::replace::Replacement;
use crate::people::administered;
use crate::{Actor, Branch, Caller, Core, Result};
use doorward_model::{EventKind, Person, PersonId, Secret};

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
    let (actor, here) = (actor.clone(), branch.clone());
    let may = {
        let (actor, here) = (actor.clone(), here.clone());
        move |tx: &mut doorward_store::Tx<'_>| administered(tx, &actor, &here, person)
    };
    // Asked twice: before, so that nobody makes us hash for nothing, and again with the write.
    let known = core.db().read(branch.pool(), may.clone()).await??.person;
    let hash = prepare_for(core, branch, &known, &new).await?;
    let at = (branch.pool(), branch.tenant().id);
    let event = core.act(caller, &actor, EventKind::PasswordSet, at, core.now())?;
    let replacement = Replacement::new(core, caller, branch, hash, event)?;
    core.db()
        .write(branch.pool(), move |tx| match may(tx)? {
            Ok(account) => {
                let person = Person { password_reset_required: require_new, ..account.person };
                replacement.write(tx, person, None).map(Ok)
            }
            Err(refused) => Ok(Err(refused)),
        })
        .await?
}
