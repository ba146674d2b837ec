//! Ending accounts: disabling, enabling again, deleting. Disabling and deleting end every session, key and open code at
//! once, in the same transaction. Nobody does either to themselves, or to the last who administers a tree
//! ([`crate::Error::Conflict`]).

use super::account::administered;
use crate::memberships::somebody_administers;
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Expected, Result, expected};
use doorward_model::{EventKind, Person, PersonId, PersonStatus};
use doorward_store::{events, people};

/// Disables a person of `branch`: nothing of theirs works until they are enabled again.
pub async fn disable(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Person> {
    set_status(core, caller, actor, branch, id, PersonStatus::Inactive, None).await
}

/// Enables a disabled person again. Sessions and keys from before stay ended.
pub async fn enable(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Person> {
    set_status(core, caller, actor, branch, id, PersonStatus::Active, None).await
}

/// Deletes a person: gone for clients, kept for the audit trail; the e-mail may sign up anew.
pub async fn delete(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Person> {
    set_status(core, caller, actor, branch, id, PersonStatus::Deleted, None).await
}

/// Gives a person a status, as administrator of every place they have. Nothing happens if they have it already.
///
/// Errors: [`crate::Error::NotFound`], [`crate::Error::NotAllowed`], [`crate::Error::Conflict`], of the field `version` where
/// another is there than the one expected.
pub async fn set_status(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
    status: PersonStatus,
    expected: Expected,
) -> Result<Person> {
    let kind = match status {
        PersonStatus::Active => EventKind::PersonEnabled,
        PersonStatus::Inactive => EventKind::PersonDisabled,
        PersonStatus::Deleted => EventKind::PersonDeleted,
    };
    let now = core.now();
    let event = core.act(caller, actor, kind, (branch.pool(), branch.tenant().id), now)?;
    let (actor, branch) = (actor.clone(), branch.clone());
    core.db()
        .write(branch.pool(), move |tx| {
            let mut person = match administered(tx, &actor, &branch, id)? {
                Ok(account) => account.person,
                Err(refused) => return Ok(Err(refused)),
            };
            if let Err(stale) = expected::check(expected, person.version) {
                return Ok(Err(stale));
            }
            if person.status == status {
                return Ok(Ok(person));
            }
            if status != PersonStatus::Active
                && let Err(refused) = somebody_administers(tx, &actor, id, &[])?
            {
                return Ok(Err(refused));
            }
            person.status = status;
            person.modified_at = now;
            people::update(tx, &person)?;
            events::insert(tx, &about(event.clone(), &person))?;
            if status != PersonStatus::Active {
                people::advance_generation(tx, id)?;
            }
            Ok(Ok(person))
        })
        .await?
}
