//! Things with how they were used, and whether they can be retired. For administrators of a tenant: what is counted there and below.

use super::figures::{Figures, each_day, figures};
use super::shown::Shown;
use super::things::{self, Item};
use super::{Count, Verdict, Window, people};
use crate::below::Keyed;
use crate::names::called;
use crate::people::scopes;
use crate::{Actor, Branch, Core, Error, Result, installation};
use doorward_model::{
    AccessKey, Application, Day, Door, DoorId, HashScheme, PersonId, Sort, TenantId, Thing, Timestamp,
    UseKind,
};
use doorward_store::uses::{self, Of};
use doorward_store::{Error as StoreError, Tx, access_keys, applications, password_schemes};
use uuid::Uuid;

/// A thing, and how it was used.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Which.
    pub head: Head,
    /// When last, as far as it is known.
    pub last_at: Option<Timestamp>,
    /// How often within the window.
    pub uses: i64,
    /// How often in the last 30 days, and in the 30 before.
    pub trend: (i64, i64),
    /// The people who block its retirement; a key's is its owner.
    pub people: Count,
    /// Whether it can be retired.
    pub verdict: Verdict,
}

/// What a thing is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Which.
    pub thing: Thing,
    /// What people call it.
    pub name: String,
    /// What else tells it apart: a door's host, an application's public id, a key's public half.
    pub about: String,
    /// Whom a key stands for.
    pub owner: Option<(PersonId, String)>,
    /// Whether it is out of use already: disabled.
    pub is_off: bool,
}

/// A thing with its days.
#[derive(Clone, Debug)]
pub struct Detail {
    /// How it was used.
    pub seen: Seen,
    /// Every day of the window, the earliest first, and how often it was used then.
    pub days: Vec<(Day, i64)>,
    /// Since when anything is counted.
    pub counted_since: Day,
}

/// Things of a sort at a tenant and below it, behind one, at most `rows`, with how they were used.
///
/// Errors: [`Error::NotAllowed`], and [`Error::NotFound`] for another pool's tenant.
pub async fn list(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    (sort, window): (Sort, Window),
    after: Option<Uuid>,
    rows: usize,
) -> Result<Keyed<Seen, Uuid>> {
    actor.administers(branch)?;
    let looking = Looking::of(core, branch, window).await?;
    let doors = match sort {
        Sort::Doors => {
            let doors =
                installation::list_doors_to(core, actor, branch, after.map(DoorId::new), rows).await?;
            let next = doors.next.map(DoorId::uuid);
            Some(Keyed { items: doors.items.into_iter().map(|it| Item::Door(Box::new(it))).collect(), next })
        }
        Sort::Applications | Sort::Hashes | Sort::Keys => None,
    };
    let (branch, after) = (branch.clone(), after.unwrap_or(Uuid::nil()));
    let read = core.db().read(branch.pool(), move |tx| {
        let page: Keyed<Item, Uuid> = match (sort, &doors) {
            (Sort::Doors, Some(doors)) => doors.clone(),
            (Sort::Applications, _) => things::applications(tx, &branch, after, rows)?,
            (Sort::Keys, _) => things::keys(tx, &branch, after, rows)?,
            (Sort::Hashes | Sort::Doors, _) => Keyed { items: looking.schemes(tx)?, next: None },
        };
        let mut shown = Shown::at(&branch);
        let seen = page.items.into_iter().map(|item| looking.seen(tx, &mut shown, item));
        let items = seen.collect::<Result<_, _>>()?;
        Ok(Keyed { items, next: page.next })
    });
    Ok(read.await?)
}

/// One thing, with every day of the window. Errors: as [`list`]; [`Error::NotFound`] for what is not there.
pub async fn one(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    thing: &Thing,
    window: Window,
) -> Result<Detail> {
    actor.administers(branch)?;
    let looking = Looking::of(core, branch, window).await?;
    let door = match thing {
        Thing::Door(id) => {
            let doors = installation::list_doors_to(core, actor, branch, None, usize::MAX).await?;
            Some(doors.items.into_iter().find(|door| door.id == *id).ok_or(Error::NotFound)?)
        }
        Thing::Application(_) | Thing::Hash(_) | Thing::Key(_) => None,
    };
    let (branch, thing) = (branch.clone(), thing.clone());
    let read = core.db().read(branch.pool(), move |tx| {
        let Some(item) = looking.item(tx, &branch, &thing, door.clone())? else { return Ok(None) };
        let of = Of { scope: looking.scope, kind: thing.kind(), subject: &thing.subject() };
        let days = each_day(tx, of, window, looking.now)?;
        let counted_since = Day::of(looking.counting);
        let seen = looking.seen(tx, &mut Shown::at(&branch), item)?;
        Ok(Some(Detail { seen, days, counted_since }))
    });
    read.await?.ok_or(Error::NotFound)
}

/// What a reading of uses needs.
#[derive(Clone)]
pub(super) struct Looking {
    pub(super) branch: Branch,
    pub(super) scope: TenantId,
    pub(super) window: Window,
    /// The window's first day.
    pub(super) first: Day,
    /// Since when anything is counted.
    counting: Timestamp,
    /// When a tenant was last moved here or below: its uses before that stand where it was.
    moved: Option<Timestamp>,
    current: HashScheme,
    /// Whether everybody's kind of password is known.
    is_filled: bool,
    now: Timestamp,
}

impl Looking {
    pub(super) async fn of(core: &Core, branch: &Branch, window: Window) -> Result<Self> {
        let (now, pool, scope) = (core.now(), branch.pool(), branch.tenant().id);
        let read = core.db().read_house(move |tx| {
            let moved = tx.in_pool(pool, |tx| uses::find_move(tx, scope))?;
            Ok((uses::find_first_day(tx)?, moved, password_schemes::is_filled(tx)?))
        });
        let (first, moved, is_filled) = read.await?;
        Ok(Self {
            scope,
            branch: branch.clone(),
            window,
            first: window.first(now),
            counting: first.map_or(now, |day| day.begins().min(now)),
            moved,
            current: things::current_scheme(core),
            is_filled,
            now,
        })
    }

    /// The kinds of password that anybody has, the one of new passwords, and those that were lately checked.
    fn schemes(&self, tx: &mut Tx<'_>) -> Result<Vec<Item>, StoreError> {
        let mut found = vec![self.current.clone()];
        for scope in scopes(tx, self.scope)? {
            found.extend(password_schemes::list(tx, scope)?);
        }
        for subject in uses::list_subjects(tx, self.scope, UseKind::Hash, SCHEMES)? {
            found.extend(std::str::from_utf8(&subject).ok().map(HashScheme::named));
        }
        found.sort();
        found.dedup();
        Ok(found.into_iter().map(|scheme| Item::Hash(scheme.clone(), scheme == self.current)).collect())
    }

    fn item(
        &self,
        tx: &mut Tx<'_>,
        branch: &Branch,
        thing: &Thing,
        door: Option<Door>,
    ) -> Result<Option<Item>, StoreError> {
        Ok(match thing {
            Thing::Door(_) => door.map(|door| Item::Door(Box::new(door))),
            Thing::Application(id) => match applications::find(tx, *id)?.map(|stored| stored.application) {
                Some(it) if things::is_own(tx, branch, it.tenant)? => Some(Item::Application(Box::new(it))),
                Some(_) | None => None,
            },
            Thing::Key(id) => match access_keys::find(tx, *id)?.map(|stored| stored.key) {
                Some(key) if things::is_own(tx, branch, key.tenant)? => {
                    let person = doorward_store::people::find(tx, key.person)?;
                    person.map(|person| Item::Key(Box::new(key), Box::new(person)))
                }
                Some(_) | None => None,
            },
            Thing::Hash(scheme) => {
                let known = self.schemes(tx)?;
                known.into_iter().find(|item| matches!(item, Item::Hash(it, _) if it == scheme))
            }
        })
    }

    fn seen(&self, tx: &mut Tx<'_>, shown: &mut Shown, item: Item) -> Result<Seen, StoreError> {
        let (noted, made) = item.known();
        let is_current = matches!(item, Item::Hash(_, true));
        let head = head(item);
        let subject = head.thing.subject();
        let of = Of { scope: self.scope, kind: head.thing.kind(), subject: &subject };
        let Figures { uses, trend, last_at } = figures(tx, of, self.window, self.now)?;
        let last_at = last_at.max(noted);
        let people = match &head.thing {
            Thing::Door(_) | Thing::Application(_) => shown.users(tx, of, self.first.begins())?,
            Thing::Hash(scheme) => people::having(tx, self, shown, scheme)?,
            Thing::Key(_) => Count { counted: 1, is_more: false },
        };
        let verdict = match &head.thing {
            Thing::Hash(_) if !self.is_filled => Verdict::Filling,
            Thing::Hash(_) if is_current => Verdict::Current(people),
            Thing::Hash(_) if people.counted > 0 || people.is_more => Verdict::People(people),
            Thing::Hash(_) => Verdict::Gone,
            Thing::Door(_) | Thing::Application(_) | Thing::Key(_) => {
                let watched = made.map_or(self.counting, |made| made.max(self.counting));
                // A key knows its own last use, wherever its tenant was.
                let (who, moved) = match &head.thing {
                    Thing::Key(_) => (Count::default(), None),
                    Thing::Door(_) | Thing::Application(_) | Thing::Hash(_) => (people, self.moved),
                };
                Verdict::of(self.window, (who, uses), last_at, (watched, moved), self.now)
            }
        };
        Ok(Seen { head, last_at, uses, trend, people, verdict })
    }
}

/// Kinds of passwords that were checked.
const SCHEMES: usize = 64;

fn head(item: Item) -> Head {
    match item {
        Item::Door(door) => {
            let Door { id, name, host, .. } = *door;
            Head { thing: Thing::Door(id), name, about: host.to_string(), owner: None, is_off: false }
        }
        Item::Application(application) => {
            let Application { id, name, app_id, disabled, .. } = *application;
            let about = app_id.as_str().to_owned();
            Head { thing: Thing::Application(id), name, about, owner: None, is_off: disabled }
        }
        Item::Key(key, person) => {
            let AccessKey { id, name, label, disabled, .. } = *key;
            let owner = Some((person.id, called(&person)));
            let about = name.as_str().to_owned();
            Head { thing: Thing::Key(id), name: label, about, owner, is_off: disabled }
        }
        Item::Hash(scheme, _) => {
            let (name, about) = (scheme.told(), scheme.to_string());
            Head { thing: Thing::Hash(scheme), name, about, owner: None, is_off: false }
        }
    }
}
