//! Whose account somebody may change. An account is one person with every place they have in the pool, so only who
//! administers all of them may touch what they share: password, e-mail, status (P13).

use crate::{Actor, Branch, Error, Result};
use doorward_model::{Membership, Person, PersonId, PersonStatus};
use doorward_store::{self as store, Tx, memberships, people};

/// A living person with every place they have.
pub(crate) struct Account {
    pub(crate) person: Person,
    places: Vec<Membership>,
}

impl Account {
    /// Reads the account of somebody with a place that reaches `branch`; `None` for anybody else.
    pub(crate) fn find(tx: &mut Tx<'_>, branch: &Branch, id: PersonId) -> Result<Option<Self>, store::Error> {
        let person = people::find(tx, id)?.filter(|person| person.status != PersonStatus::Deleted);
        let Some(person) = person else { return Ok(None) };
        let places = memberships::list_by_person(tx, id)?;
        let is_here = places.iter().any(|place| branch.contains(place.tenant));
        Ok(is_here.then_some(Self { person, places }))
    }

    /// Checks that the actor administers every place of the account, and that none is stronger than the actor.
    pub(crate) fn administered(&self, tx: &mut Tx<'_>, actor: &Actor) -> Result<Result<()>, store::Error> {
        for place in &self.places {
            // A place in a tenant that was deleted leads nowhere and needs nobody's leave.
            let Some(there) = Branch::read(tx, place.tenant)? else { continue };
            if let Err(refused) = actor.grants(&there, place.role) {
                return Ok(Err(refused));
            }
        }
        Ok(Ok(()))
    }
}

/// The account of `id` if the actor administers all of it. Nobody is their own administrator.
pub(crate) fn administered(
    tx: &mut Tx<'_>,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
) -> Result<Result<Account>, store::Error> {
    if let Err(refused) = actor.role_at(branch) {
        return Ok(Err(refused));
    }
    let Some(account) = Account::find(tx, branch, id)? else { return Ok(Err(Error::NotFound)) };
    if actor.is(id) {
        return Ok(Err(Error::NotAllowed));
    }
    Ok(account.administered(tx, actor)?.map(|()| account))
}
