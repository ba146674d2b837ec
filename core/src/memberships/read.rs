//! Reading places: of a tenant, of a person.

use super::at;
use crate::{Actor, Branch, Core, Error, Page, Part, Result};
use doorward_model::{Kind, Membership, Person, PersonId, PersonNumber, PersonStatus};
use doorward_store::{memberships, people};

/// A part of the living people with a place of this kind in a tenant itself, oldest place first, for its
/// administrators.
pub async fn list(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    kind: Kind,
    part: Part,
) -> Result<Page<(Membership, Person)>> {
    actor.administers(branch)?;
    let tenant = branch.tenant().id;
    let listed = core.db().read(branch.pool(), move |tx| {
        let people = memberships::list_people(tx, tenant, kind, part.stored())?;
        Ok((people, memberships::count_people(tx, tenant, kind)?))
    });
    let (people, total) = listed.await?;
    Ok(part.page(people, total))
}

/// Somebody's place of this kind in a tenant itself. [`Error::NotFound`] where there is none.
pub async fn find(core: &Core, branch: &Branch, person: PersonId, kind: Kind) -> Result<Membership> {
    let tenant = branch.tenant().id;
    core.db().read(branch.pool(), move |tx| at(tx, person, tenant, kind)).await?.ok_or(Error::NotFound)
}

/// The living person of a number whose places of this kind reach a tenant, with the strongest of them.
/// [`Error::NotFound`] for anybody else, wherever they may be.
pub async fn reaching(
    core: &Core,
    branch: &Branch,
    number: PersonNumber,
    kind: Kind,
) -> Result<(Person, Membership)> {
    let here = branch.clone();
    let found = core.db().read(branch.pool(), move |tx| {
        let person = people::find_by_number(tx, number)?;
        let Some(person) = person.filter(|p| p.status != PersonStatus::Deleted) else { return Ok(None) };
        let places = memberships::list_by_person(tx, person.id)?;
        let reaching = places.into_iter().filter(|place| place.kind == kind && here.contains(place.tenant));
        Ok(reaching.min_by_key(|place| place.role).map(|place| (person, place)))
    });
    found.await?.ok_or(Error::NotFound)
}

/// All of somebody's places in their pool, oldest first, each with its branch; for the operator.
pub async fn of_person(core: &Core, actor: &Actor, person: &Person) -> Result<Vec<(Membership, Branch)>> {
    if !actor.is_operator() {
        return Err(Error::NotAllowed);
    }
    let id = person.id;
    let listed = core.db().read(person.pool, move |tx| {
        let mut placed = Vec::new();
        for place in memberships::list_by_person(tx, id)? {
            let branch = Branch::read(tx, place.tenant)?;
            placed.extend(branch.map(|branch| (place, branch)));
        }
        Ok(placed)
    });
    Ok(listed.await?)
}

/// Places of living people in a tenant itself, by person and kind, behind this person's place of this kind (of none at the
/// empty word), at most `rows`. For its administrators.
pub async fn list_after(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    (person, kind): (PersonId, String),
    rows: usize,
) -> Result<Vec<(Membership, Person)>> {
    actor.administers(branch)?;
    let (tenant, rows) = (branch.tenant().id, i64::try_from(rows).unwrap_or(i64::MAX));
    let listed = core
        .db()
        .read(branch.pool(), move |tx| memberships::list_after(tx, tenant, (person, kind.as_str()), rows));
    Ok(listed.await?)
}

/// Somebody's place of this kind in a tenant itself. For its administrators.
///
/// Errors: [`Error::NotAllowed`] without the right; [`Error::NotFound`] where there is none.
pub async fn one_of(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    kind: Kind,
) -> Result<Membership> {
    actor.administers(branch)?;
    find(core, branch, person, kind).await
}

/// The places of somebody with one at this tenant itself, as far as the actor administers them, oldest first.
///
/// Errors: [`Error::NotAllowed`] without the right here; [`Error::NotFound`] for somebody who has no place here.
pub async fn of_member(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
) -> Result<(Person, Vec<(Membership, Branch)>)> {
    actor.administers(branch)?;
    let (tenant, actor) = (branch.tenant().id, actor.clone());
    let listed = core.db().read(branch.pool(), move |tx| {
        let found = people::find(tx, person)?.filter(|person| person.status != PersonStatus::Deleted);
        let places = memberships::list_by_person(tx, person)?;
        let Some(found) = found.filter(|_| places.iter().any(|place| place.tenant == tenant)) else {
            return Ok(Err(Error::NotFound));
        };
        let mut placed = Vec::new();
        for place in places {
            let there = Branch::read(tx, place.tenant)?;
            placed.extend(there.filter(|there| actor.administers(there).is_ok()).map(|there| (place, there)));
        }
        Ok(Ok((found, placed)))
    });
    listed.await?
}

/// Somebody's places below a tenant, oldest first, each with its branch; not those in suspended or deleted tenants. For
/// doors where the person has just proved who they are.
pub async fn below(core: &Core, top: &Branch, person: PersonId) -> Result<Vec<(Branch, Membership)>> {
    let scope = top.tenant().id;
    let listed = core.db().read(top.pool(), move |tx| {
        let mut below = Vec::new();
        for place in memberships::list_by_person(tx, person)?.into_iter().filter(|p| p.tenant != scope) {
            let branch = Branch::read(tx, place.tenant)?;
            let is_below = |branch: &Branch| branch.is_open() && branch.contains(scope);
            below.extend(branch.filter(is_below).map(|branch| (branch, place)));
        }
        Ok(below)
    });
    Ok(listed.await?)
}
