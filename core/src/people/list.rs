//! Listing a tenant's people, a page at a time.

use crate::{Actor, Branch, Core, Result};
use doorward_model::{Kind, Membership, Person, PersonId, Role, Timestamp};
use doorward_store::memberships;
use std::collections::BTreeMap;

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
    /// How many to skip.
    pub start: usize,
    /// How many to list at most.
    pub rows: usize,
}

/// What people are ordered by; the same twice, by when they came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderBy {
    /// When they were made.
    Created,
    /// When they last changed.
    Modified,
    /// Full name.
    Name,
    /// E-mail.
    Email,
}

/// One person of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// The strongest role of the places that were asked for.
    pub role: Role,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The part.
    pub items: Vec<T>,
    /// How many the whole list has.
    pub total: usize,
    /// How many were skipped.
    pub start: usize,
}

/// The people who have a place in this tenant itself. Whoever has a role there may look.
pub async fn list(core: &Core, actor: &Actor, branch: &Branch, wish: Wish) -> Result<Page<Listed>> {
    actor.role_at(branch)?;
    let (tenant, kinds) = (branch.tenant().id, wish.kinds);
    let found = core.db().read(branch.pool(), move |tx| {
        let mut found = Vec::new();
        for kind in kinds {
            found.extend(memberships::list_people(tx, tenant, *kind)?);
        }
        Ok(found)
    });
    Ok(wish.page(merged(found.await?)))
}

/// One entry a person, with the strongest of their roles.
fn merged(found: Vec<(Membership, Person)>) -> Vec<Listed> {
    let mut by_id: BTreeMap<PersonId, Listed> = BTreeMap::new();
    for (place, person) in found {
        let role = place.role;
        let listed = by_id.entry(person.id).or_insert(Listed { person, role });
        listed.role = listed.role.min(role);
    }
    by_id.into_values().collect()
}

impl Wish {
    /// Picks, orders and cuts. In memory: both engines then agree on case, `%` and `_`.
    fn page(&self, mut all: Vec<Listed>) -> Page<Listed> {
        if let Some(search) = self.search.as_ref().filter(|search| !search.is_empty()) {
            let search = search.to_lowercase();
            all.retain(|listed| mentions(&listed.person, &search));
        }
        all.sort_by_cached_key(|listed| self.order.key(&listed.person));
        if self.descending {
            all.reverse();
        }
        let total = all.len();
        let items = all.into_iter().skip(self.start).take(self.rows).collect();
        Page { items, total, start: self.start }
    }
}

impl OrderBy {
    /// What is compared; the id, which tells when they came, where the rest is equal.
    fn key(self, person: &Person) -> (String, Timestamp, PersonId) {
        match self {
            Self::Created => (String::new(), person.created_at, person.id),
            Self::Modified => (String::new(), person.modified_at, person.id),
            Self::Name => (person.profile.full_name().to_lowercase(), person.created_at, person.id),
            Self::Email => (person.email.canonical().to_owned(), person.created_at, person.id),
        }
    }
}

fn mentions(person: &Person, search: &str) -> bool {
    let known_as = person.profile.known_as.as_deref().unwrap_or_default();
    let full_name = person.profile.full_name();
    let texts = [full_name.as_str(), known_as, person.email.canonical()];
    texts.iter().any(|text| text.to_lowercase().contains(search))
}
