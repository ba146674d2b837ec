//! Listing a tenant's people, a page at a time.

use crate::{Actor, Branch, Core, Error, Page, Part, Result};
use doorward_model::{Kind, Person, PersonId, PersonStatus, Role, TenantId, folded};
use doorward_store::rosters::{self, Sought};
use doorward_store::{memberships, people};

pub use doorward_store::rosters::Order as OrderBy;

/// Which people, in which order, and which part of them.
#[derive(Clone, Debug)]
pub struct Wish {
    /// As what they belong to the tenant.
    pub kinds: &'static [Kind],
    /// Only those with this text in a name or the e-mail, in any case.
    pub search: Option<String>,
    /// In which order.
    pub order: OrderBy,
    /// Backwards.
    pub descending: bool,
    /// Which part.
    pub part: Part,
}

/// One person of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// The strongest role of the places that were asked for.
    pub role: Role,
    /// Where they have it.
    pub tenant: TenantId,
}

/// The people who have a place in this tenant itself. Whoever has a role there may look.
pub async fn list(core: &Core, actor: &Actor, branch: &Branch, wish: Wish) -> Result<Page<Listed>> {
    actor.role_at(branch)?;
    let Wish { kinds, search, order, descending, part } = wish;
    let (tenant, text) = (branch.tenant().id, folded(search.as_deref().unwrap_or_default()));
    let found = core.db().read(branch.pool(), move |tx| {
        let sought = Sought { tenant, kinds, text: &text };
        let people = rosters::list(tx, sought, (order, descending), part.stored())?;
        Ok((people, rosters::count(tx, sought)?))
    });
    let (people, total) = found.await?;
    let items = people.into_iter().map(|(person, role)| Listed { person, role, tenant }).collect();
    Ok(part.page(items, total))
}

/// The people who have a place in this tenant itself, behind an id, by id, at most `rows`. For administrators.
pub async fn list_after(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    after: PersonId,
    rows: usize,
) -> Result<Vec<Listed>> {
    actor.administers(branch)?;
    let tenant = branch.tenant().id;
    let found = core.db().read(branch.pool(), move |tx| rosters::list_after(tx, tenant, after, rows)).await?;
    Ok(found.into_iter().map(|(person, role)| Listed { person, role, tenant }).collect())
}

/// A living person with a place in this tenant itself. For administrators.
///
/// Errors: [`Error::NotAllowed`] without the right; [`Error::NotFound`] for anybody else, wherever they may be.
pub async fn one_of(core: &Core, actor: &Actor, branch: &Branch, id: PersonId) -> Result<Listed> {
    actor.administers(branch)?;
    let tenant = branch.tenant().id;
    let found = core.db().read(branch.pool(), move |tx| {
        let person = people::find(tx, id)?.filter(|person| person.status != PersonStatus::Deleted);
        let places = memberships::list_by_person(tx, id)?;
        let role = places.iter().filter(|place| place.tenant == tenant).map(|place| place.role).min();
        Ok(person.zip(role))
    });
    let (person, role) = found.await?.ok_or(Error::NotFound)?;
    Ok(Listed { person, role, tenant })
}

/// A tenant where a living person has a place and the actor administers: where they can be looked at. For whoever administers
/// `branch`.
///
/// Errors: [`Error::NotAllowed`] without the right; [`Error::NotFound`] for somebody without such a place.
pub async fn place_of(core: &Core, actor: &Actor, branch: &Branch, id: PersonId) -> Result<TenantId> {
    actor.administers(branch)?;
    let actor = actor.clone();
    let found = core.db().read(branch.pool(), move |tx| {
        if people::find(tx, id)?.is_none_or(|person| person.status == PersonStatus::Deleted) {
            return Ok(None);
        }
        for place in memberships::list_by_person(tx, id)? {
            let there = Branch::read(tx, place.tenant)?;
            if there.is_some_and(|there| actor.administers(&there).is_ok()) {
                return Ok(Some(place.tenant));
            }
        }
        Ok(None)
    });
    found.await?.ok_or(Error::NotFound)
}
