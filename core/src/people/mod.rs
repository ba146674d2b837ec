//! People: making, finding, changing and ending accounts.

mod account;
mod create;
pub(crate) mod edit;
pub mod email_change;
mod end;
mod history;
mod list;
mod names;
mod revise;
mod search;

pub(crate) use account::{Account, administered};
pub(crate) use create::FIRST_PERSON;
pub(crate) use create::{Creation, EMAIL_TAKEN, email_taken};
pub use create::{NewPassword, NewPerson, create, create_once};
pub use doorward_store::people_words::Place;
pub use edit::{Edit, edit};
pub use end::{delete, disable, enable, set_status};
pub use history::own_history;
pub use list::{Listed, OrderBy, Wish, list, list_after, one_of, place_of};
pub use names::{Names, rename};
pub use revise::{Revision, revise};
pub(crate) use search::scopes;
pub use search::{Found, Search, fill_search, is_search_filled, search};

use crate::{Branch, Core, Error, Result};
use doorward_model::{Email, Kind, Membership, Person, PersonId, PersonStatus, PoolId, Role};
use doorward_store::{memberships, people};

/// One person of a pool, deleted ones included. [`Error::NotFound`] for anybody else.
pub async fn by_id(core: &Core, pool: PoolId, id: PersonId) -> Result<Person> {
    core.db().read(pool, move |tx| people::find(tx, id)).await?.ok_or(Error::NotFound)
}

/// The living person of an e-mail. [`Error::NotFound`] for anybody else.
pub async fn by_email(core: &Core, pool: PoolId, email: &Email) -> Result<Person> {
    let email = email.clone();
    core.db().read(pool, move |tx| people::find_by_email(tx, &email)).await?.ok_or(Error::NotFound)
}

/// As what a person may belong to a tenant at all.
const EVERY_KIND: &[Kind] = &[Kind::Administrator, Kind::Member, Kind::Contact, Kind::User];

/// A living person with a place that reaches this tenant, and the strongest role there. [`Error::NotFound`] for
/// anybody else, wherever they may be.
pub async fn member_of(core: &Core, branch: &Branch, id: PersonId) -> Result<(Person, Role)> {
    member_as(core, branch, EVERY_KIND, id).await
}

/// As [`member_of`], for places of these kinds only.
pub async fn member_as(
    core: &Core,
    branch: &Branch,
    kinds: &'static [Kind],
    id: PersonId,
) -> Result<(Person, Role)> {
    let here = branch.clone();
    let found = core.db().read(branch.pool(), move |tx| {
        let person = people::find(tx, id)?.filter(|person| person.status != PersonStatus::Deleted);
        let places = memberships::list_by_person(tx, id)?;
        let reaches = |place: &&Membership| kinds.contains(&place.kind) && here.contains(place.tenant);
        let role = places.iter().filter(reaches).map(|place| place.role).min();
        Ok(person.zip(role))
    });
    found.await?.ok_or(Error::NotFound)
}
