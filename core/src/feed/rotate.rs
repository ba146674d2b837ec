//! A new address for a feed: whoever knows the old one sees nothing from the commit on.

use crate::people::{Account, administered};
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{EventKind, Person, PersonId};
use doorward_store::{events, people};

/// Makes the address of a person's feed a new one: their own wish, or that of an administrator of every place they
/// have. Errors: [`Error::NotFound`] for anybody else, [`Error::NotAllowed`].
pub async fn rotate(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Person> {
    let now = core.now();
    let event = core.act(caller, actor, EventKind::FeedRotated, (branch.pool(), branch.tenant().id), now)?;
    let (actor, branch) = (actor.clone(), branch.clone());
    core.db()
        .write(branch.pool(), move |tx| {
            let allowed = if actor.is(id) {
                Account::find(tx, &branch, id)?.ok_or(Error::NotFound)
            } else {
                administered(tx, &actor, &branch, id)?
            };
            let person = match allowed {
                Ok(account) => account.person,
                Err(refused) => return Ok(Err(refused)),
            };
            people::rotate_feed(tx, id)?;
            events::insert(tx, &about(event.clone(), &person))?;
            people::find(tx, id).map(|person| person.ok_or(Error::NotFound))
        })
        .await?
}
