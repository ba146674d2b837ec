//! The people who block a thing's retirement: who used a door or an application within the window, whose password is of a kind,
//! whom a key stands for. Of those, who is alive and has a place at the tenant or below it.

use super::seen::Looking;
use super::shown::{END, LOOKS, STRIDE, Shown};
use super::{Count, PEOPLE_COUNTED, Window, one};
use crate::below::Keyed;
use crate::names::called;
use crate::people::scopes;
use crate::{Actor, Branch, Core, Result};
use doorward_model::{
    AccessKeyId, Event, EventKind, HashScheme, Person, PersonId, PersonStatus, TenantId, Thing, Timestamp,
};
use doorward_store::uses::Of;
use doorward_store::{Error as StoreError, Tx, access_keys, events, password_schemes, used_by};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Events looked through for somebody's last sign-in.
const EVENTS: i64 = 20;

/// Somebody who blocks a thing's retirement.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocker {
    /// Who.
    pub person: Person,
    /// On how many days they used it; `None` where that is not counted.
    pub days: Option<i64>,
    /// When first.
    pub first_at: Option<Timestamp>,
    /// When last; of a kind of password when they last signed in at all.
    pub last_at: Option<Timestamp>,
}

impl Blocker {
    /// How people call them.
    pub fn called(&self) -> String {
        called(&self.person)
    }
}

/// A place in a list of people: behind this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    at: Timestamp,
    person: PersonId,
}

impl Place {
    /// For a cursor.
    pub fn bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        let (at, person) = bytes.split_at_mut(8);
        at.copy_from_slice(&self.at.micros().to_be_bytes());
        person.copy_from_slice(self.person.as_bytes());
        bytes
    }

    /// Of a cursor.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (at, person) = bytes.split_at_checked(8)?;
        let at = Timestamp::from_micros(i64::from_be_bytes(at.try_into().ok()?));
        Some(Self { at, person: PersonId::new(Uuid::from_slice(person).ok()?) })
    }
}

/// Who blocks a thing's retirement, behind a place, at most `rows`: of a door or an application the latest first, of a kind of
/// password by id. A page may be short and go on. Errors: as [`one`].
pub async fn people(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    (thing, window): (&Thing, Window),
    after: Option<Place>,
    rows: usize,
) -> Result<Keyed<Blocker, Place>> {
    // It says whether it is there, and whether it is theirs.
    drop(one(core, actor, branch, thing, window).await?);
    let looking = Looking::of(core, branch, window).await?;
    let thing = thing.clone();
    let read = core.db().read(branch.pool(), move |tx| {
        let page =
            Page { rows, items: Vec::new(), shown: Shown::at(&looking.branch), looking: looking.clone() };
        match &thing {
            Thing::Door(_) | Thing::Application(_) => page.users(tx, &thing, after),
            Thing::Hash(scheme) => page.havers(tx, scheme, after),
            Thing::Key(id) => page.owner(tx, *id),
        }
    });
    Ok(read.await?)
}

struct Page {
    rows: usize,
    items: Vec<Blocker>,
    shown: Shown,
    looking: Looking,
}

impl Page {
    fn users(
        mut self,
        tx: &mut Tx<'_>,
        thing: &Thing,
        after: Option<Place>,
    ) -> Result<Keyed<Blocker, Place>, StoreError> {
        let of = Of { scope: self.looking.scope, kind: thing.kind(), subject: &thing.subject() };
        let since = self.looking.first.begins();
        let (at, person) = END;
        let (mut last, mut looked) = (after.unwrap_or(Place { at, person }), 0);
        while looked < LOOKS {
            let found = used_by::list_before(tx, of, since, (last.at, last.person), STRIDE)?;
            let is_over = i64::try_from(found.len()).is_ok_and(|found| found < STRIDE);
            looked += found.len();
            for user in found {
                let place = Place { at: user.last_at, person: user.person.id };
                if self.shown.has(tx, user.person.id)? {
                    if self.items.len() == self.rows {
                        return Ok(Keyed { items: self.items, next: Some(last) });
                    }
                    let (first_at, last_at) = (Some(user.first_at), Some(user.last_at));
                    self.items.push(Blocker {
                        person: user.person,
                        days: Some(user.days),
                        first_at,
                        last_at,
                    });
                }
                last = place;
            }
            if is_over {
                return Ok(Keyed { items: self.items, next: None });
            }
        }
        Ok(Keyed { items: self.items, next: Some(last) })
    }

    fn havers(
        mut self,
        tx: &mut Tx<'_>,
        scheme: &HashScheme,
        after: Option<Place>,
    ) -> Result<Keyed<Blocker, Place>, StoreError> {
        let scopes = scopes(tx, self.looking.scope)?;
        let place = |person| Place { at: Timestamp::default(), person };
        let (mut last, mut looked) = (after.map_or(PersonId::new(Uuid::nil()), |place| place.person), 0);
        while looked < LOOKS {
            let (found, is_over) = havers_of(tx, &scopes, scheme, last)?;
            looked += found.len();
            for (person, has_it) in found {
                let id = person.id;
                if has_it && self.shown.has(tx, id)? {
                    if self.items.len() == self.rows {
                        return Ok(Keyed { items: self.items, next: Some(place(last)) });
                    }
                    let last_at = last_sign_in(tx, person.id)?;
                    self.items.push(Blocker { person, days: None, first_at: None, last_at });
                }
                last = id;
            }
            if is_over {
                return Ok(Keyed { items: self.items, next: None });
            }
        }
        Ok(Keyed { items: self.items, next: Some(place(last)) })
    }

    fn owner(mut self, tx: &mut Tx<'_>, id: AccessKeyId) -> Result<Keyed<Blocker, Place>, StoreError> {
        if let Some(stored) = access_keys::find(tx, id)?
            && let Some(person) = doorward_store::people::find(tx, stored.key.person)?
            && person.status != PersonStatus::Deleted
        {
            let last_at = stored.key.last_used_at;
            self.items.push(Blocker { person, days: None, first_at: None, last_at });
        }
        Ok(Keyed { items: self.items, next: None })
    }
}

/// The next people of all scopes in one order, and whether these are the last.
fn havers_of(
    tx: &mut Tx<'_>,
    scopes: &[TenantId],
    scheme: &HashScheme,
    after: PersonId,
) -> Result<(Vec<(Person, bool)>, bool), StoreError> {
    let (mut all, mut is_over) = (Vec::new(), true);
    for scope in scopes {
        let found = password_schemes::list_people(tx, *scope, scheme, after, STRIDE)?;
        is_over &= i64::try_from(found.len()).is_ok_and(|found| found < STRIDE);
        all.extend(found);
    }
    all.sort_by_key(|(person, _)| person.id);
    // Somebody with places in two tenants stands there twice.
    all.dedup_by_key(|(person, _)| person.id);
    let most = usize::try_from(STRIDE).unwrap_or(usize::MAX);
    is_over &= all.len() <= most;
    all.truncate(most);
    Ok((all, is_over))
}

/// How many people have a password of a kind. Where a whole pool had to be looked through for a part of it, as many of the first
/// of them as that part has.
pub(super) fn having(
    tx: &mut Tx<'_>,
    looking: &Looking,
    shown: &mut Shown,
    scheme: &HashScheme,
) -> Result<Count, StoreError> {
    let (branch, most) = (&looking.branch, PEOPLE_COUNTED + 1);
    let scopes = scopes(tx, looking.scope)?;
    let is_picky = branch.parent().is_some() && scopes == [tx.pool().root()];
    let mut found = BTreeSet::new();
    for scope in scopes {
        found.extend(password_schemes::list_ids(tx, scope, scheme, most)?);
    }
    let is_cut = i64::try_from(found.len()).is_ok_and(|found| found >= most);
    if is_picky {
        let mut counted = 0;
        for person in found {
            counted += i64::from(shown.has(tx, person)?);
        }
        return Ok(Count { counted, is_more: is_cut });
    }
    Ok(Count::up_to(PEOPLE_COUNTED, i64::try_from(found.len()).unwrap_or(i64::MAX)))
}

/// When somebody last signed in, if that is among the last that happened to them.
fn last_sign_in(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Timestamp>, StoreError> {
    let happened = events::list_by_person(tx, person, EVENTS)?;
    Ok(happened.iter().find(|event: &&Event| event.kind == EventKind::SignedIn).map(|event| event.at))
}
