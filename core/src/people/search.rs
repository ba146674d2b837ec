//! Finding people by how their e-mail or one of their names begins, at a tenant and below it.

use super::Listed;
use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{Person, Role, TenantId, is_found_by, search_words, sought_words};
use doorward_store::people_words::{self, Place};
use doorward_store::{Error as StoreError, Tx, memberships, tenants};
use std::collections::BTreeMap;
use std::time::Duration;

/// Words one read takes at most: twice a usual page, since a person may have several that begin alike.
const READ: i64 = 128;
/// Reads of one page. A search of several words may look at many people for one; then a page is short and goes on.
const READS: usize = 8;
/// Tenants that are searched one by one. Below more, the whole pool is searched and others' people are left out.
const TENANTS: usize = 32;

/// When to try again while people who were here before an upgrade are filled in: a million take minutes.
const FILLING: Duration = Duration::from_secs(60);
/// People that one write fills in, so that no other write waits long behind it.
const FILLED_AT_ONCE: i64 = 200;

/// What is sought, and how much of it.
#[derive(Clone, Debug)]
pub struct Search {
    /// What somebody wrote.
    pub text: String,
    /// Where the page before ended.
    pub after: Option<Place>,
    /// People on a page.
    pub rows: usize,
}

/// A page, and where the next begins; `None` at the end. A page may be short and go on.
#[derive(Clone, Debug)]
pub struct Found {
    /// Who, with the strongest role of theirs that was searched and its tenant.
    pub people: Vec<Listed>,
    /// Where the search goes on.
    pub next: Option<Place>,
}

/// Living people with a place at this tenant or below, in the order of the words they are found by. For administrators.
///
/// Errors: [`Error::Invalid`] for a text without a word; [`Error::Unavailable`] while those who were here before an upgrade
/// are not filled in yet: a search that finds some would look like one that finds all.
pub async fn search(core: &Core, actor: &Actor, branch: &Branch, search: Search) -> Result<Found> {
    actor.administers(branch)?;
    let sought = sought_words(&search.text);
    // The longest leaves the fewest.
    let longest = sought.iter().max_by_key(|word| word.len()).cloned();
    let prefix = longest.ok_or_else(|| Error::invalid("q", "expected at least one word"))?;
    if !core.db().read_house(people_words::is_filled).await? {
        return Err(Error::Unavailable { retry_after: FILLING });
    }
    let Search { after, rows, .. } = search;
    let after = after.unwrap_or_else(|| Place::before(&prefix));
    let top = branch.tenant().id;
    let read = move |tx: &mut Tx<'_>| {
        let scopes = scopes(tx, top)?;
        Looking { sought: &sought, prefix: &prefix, top, scopes, rows, reached: BTreeMap::new() }
            .page(tx, after.clone())
    };
    Ok(core.db().read(branch.pool(), read).await?)
}

/// Fills in the next of those who were here before people had words; `true` if there may be more.
pub async fn fill_search(core: &Core) -> Result<bool> {
    Ok(core.db().write_house_bulk(|tx| people_words::fill(tx, FILLED_AT_ONCE)).await?)
}

/// Whether a search finds everybody.
pub async fn is_search_filled(core: &Core) -> Result<bool> {
    Ok(core.db().read_house(people_words::is_filled).await?)
}

/// Where words are looked up: in each tenant from `top` downwards, or in the whole pool where these would be too many.
pub(crate) fn scopes(tx: &mut Tx<'_>, top: TenantId) -> Result<Vec<TenantId>, StoreError> {
    let root = tx.pool().root();
    if top == root {
        return Ok(vec![root]);
    }
    let (mut scopes, mut visited) = (vec![top], 0);
    while let Some(parent) = scopes.get(visited).copied() {
        let most = i64::try_from(TENANTS).unwrap_or(i64::MAX);
        scopes.extend(tenants::list_children_after(tx, parent, 0, most)?.iter().map(|child| child.id));
        if scopes.len() > TENANTS {
            return Ok(vec![root]);
        }
        visited += 1;
    }
    Ok(scopes)
}

struct Looking<'a> {
    sought: &'a [String],
    prefix: &'a str,
    top: TenantId,
    scopes: Vec<TenantId>,
    rows: usize,
    /// Tenants that were looked at, and whether they are `top` or below it.
    reached: BTreeMap<TenantId, bool>,
}

impl Looking<'_> {
    fn page(&mut self, tx: &mut Tx<'_>, mut after: Place) -> Result<Found, StoreError> {
        let mut people: Vec<Listed> = Vec::new();
        for _ in 0..READS {
            let (rows, goes_on) = self.read(tx, &after)?;
            for (place, person) in rows {
                if people.len() == self.rows {
                    return Ok(Found { people, next: Some(after) });
                }
                after = place;
                if let Some((role, tenant)) = self.judge(tx, &after, &person)? {
                    people.push(Listed { person, role, tenant });
                }
            }
            if !goes_on {
                return Ok(Found { people, next: None });
            }
        }
        Ok(Found { people, next: Some(after) })
    }

    /// The next rows of all tenants in one order, and whether there may be more behind them.
    fn read(&self, tx: &mut Tx<'_>, after: &Place) -> Result<(Vec<(Place, Person)>, bool), StoreError> {
        let mut all = Vec::new();
        let mut goes_on = false;
        for scope in &self.scopes {
            let rows = people_words::find(tx, *scope, self.prefix, after, READ)?;
            goes_on |= i64::try_from(rows.len()).is_ok_and(|rows| rows == READ);
            all.extend(rows);
        }
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        // Somebody with places in two tenants stands there twice.
        all.dedup_by(|one, other| one.0 == other.0);
        let most = usize::try_from(READ).unwrap_or(usize::MAX);
        goes_on |= all.len() > most;
        all.truncate(most);
        Ok((all, goes_on))
    }

    /// The role to show and where they have it, if this row is how the person is found: rows may be older than their person.
    fn judge(
        &mut self,
        tx: &mut Tx<'_>,
        row: &Place,
        person: &Person,
    ) -> Result<Option<(Role, TenantId)>, StoreError> {
        if !is_found_by(&search_words(person), self.sought, self.prefix, &row.word) {
            return Ok(None);
        }
        let mut strongest: Option<(Role, TenantId)> = None;
        for place in memberships::list_by_person(tx, person.id)? {
            if self.reaches(tx, place.tenant)? && strongest.is_none_or(|(role, _)| place.role < role) {
                strongest = Some((place.role, place.tenant));
            }
        }
        Ok(strongest)
    }

    /// Whether a tenant is there, and `top` or below it.
    fn reaches(&mut self, tx: &mut Tx<'_>, tenant: TenantId) -> Result<bool, StoreError> {
        if let Some(known) = self.reached.get(&tenant) {
            return Ok(*known);
        }
        let is_below = Branch::read(tx, tenant)?.is_some_and(|branch| branch.contains(self.top));
        self.reached.insert(tenant, is_below);
        Ok(is_below)
    }
}
