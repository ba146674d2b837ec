//! A door in the whole installation, and in which trees it is used: for operators, who alone can take it away.

use super::figures::{Figures, each_day, figures, figures_until};
use super::things::made;
use super::{Count, Verdict, Window};
use crate::below::Keyed;
use crate::manage::Scope;
use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{Day, Door, DoorId, Thing, Timestamp};
use doorward_store::uses::{self, HOUSE, Of};
use doorward_store::{Error as StoreError, lookup};

/// Trees that one page looks at, at most, whether they use the door or not: some ten milliseconds of reading, a tenth of a second
/// where each look is a round trip. Each tree that is told takes two more.
const LOOKS: usize = 500;
/// Trees looked at between two looks at whether the page is full.
const STRIDE: i64 = 100;

/// A door, and how it was used by everybody.
#[derive(Clone, Debug)]
pub struct Everywhere {
    /// Which.
    pub door: Door,
    /// When last, as far as it is known.
    pub last_at: Option<Timestamp>,
    /// How often within the window.
    pub uses: i64,
    /// How often in the last 30 days, and in the 30 before.
    pub trend: (i64, i64),
    /// Whether it can be retired.
    pub verdict: Verdict,
    /// Every day of the window, the earliest first, and how often it was used then.
    pub days: Vec<(Day, i64)>,
    /// Since when anything is counted.
    pub counted_since: Day,
}

/// A tree that uses a door.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Its top.
    pub top: Branch,
    /// When last.
    pub last_at: Option<Timestamp>,
    /// How often within the window.
    pub uses: i64,
    /// How often in the last 30 days, and in the 30 before.
    pub trend: (i64, i64),
}

/// How a door is used by all tenants together.
///
/// Errors: [`Error::NotAllowed`] for who is no operator; [`Error::NotFound`] for an unknown door.
pub async fn everywhere(core: &Core, actor: &Actor, door: DoorId, window: Window) -> Result<Everywhere> {
    let door = known(core, actor, door)?;
    let (now, thing) = (core.now(), Thing::Door(door.id));
    let read = core.db().read_house(move |tx| {
        let counting = uses::find_first_day(tx)?.map_or(now, |day| day.begins().min(now));
        let (pool, scope) = HOUSE;
        let of = Of { scope, kind: thing.kind(), subject: &thing.subject() };
        tx.in_pool(pool, |tx| {
            Ok::<_, StoreError>((counting, figures(tx, of, window, now)?, each_day(tx, of, window, now)?))
        })
    });
    let (counting, Figures { uses, trend, last_at }, days) = read.await?;
    let watched = made(&door).map_or(counting, |made| made.max(counting));
    let verdict = Verdict::of(window, (Count::default(), uses), last_at, (watched, None), now);
    Ok(Everywhere { door, last_at, uses, trend, verdict, days, counted_since: Day::of(counting) })
}

/// The trees that used a door within a window, behind the number of a top, by that number, at most `rows`.
///
/// Errors: as [`everywhere`].
pub async fn trees(
    core: &Core,
    actor: &Actor,
    (door, window): (DoorId, Window),
    after: Option<i64>,
    rows: usize,
) -> Result<Keyed<Tree, i64>> {
    let thing = Thing::Door(known(core, actor, door)?.id);
    let now = core.now();
    let begin = window.first(now).begins();
    let read = core.db().read_house(move |tx| {
        let subject = thing.subject();
        let (mut items, mut looked, mut last) = (Vec::new(), 0, after.unwrap_or(0));
        while looked < LOOKS {
            let roots = lookup::companies::list_roots_after(tx, last, STRIDE)?;
            if roots.is_empty() {
                return Ok(Keyed { items, next: None });
            }
            looked += roots.len();
            for (number, pool) in roots {
                if items.len() == rows {
                    return Ok(Keyed { items, next: Some(last) });
                }
                let of = Of { scope: pool.root(), kind: thing.kind(), subject: &subject };
                let found = tx.in_pool(pool, |tx| {
                    // Most trees use another door.
                    let last_at = uses::find_last(tx, of)?;
                    if last_at.is_none_or(|last| last < begin) {
                        return Ok(None);
                    }
                    let Figures { uses, trend, last_at } = figures_until(tx, of, last_at, window, now)?;
                    // A tree that is gone keeps its number.
                    let top = if uses > 0 { Branch::read(tx, pool.root())? } else { None };
                    Ok::<_, StoreError>(top.map(|top| Tree { top, last_at, uses, trend }))
                });
                items.extend(found?);
                last = number;
            }
        }
        Ok::<_, StoreError>(Keyed { items, next: Some(last) })
    });
    Ok(read.await?)
}

/// Where the trees go on, as a cursor holds it.
pub fn tree_bytes(place: i64) -> [u8; 8] {
    place.to_be_bytes()
}

/// The same read back; `None` for what is no such place.
pub fn tree_place(bytes: &[u8]) -> Option<i64> {
    <[u8; 8]>::try_from(bytes).ok().map(i64::from_be_bytes)
}

/// What an event says of a file of the trees that use a door.
pub fn trees_taken(core: &Core, door: DoorId) -> String {
    let name = core.doors().by_id(door).map_or_else(|| door.to_string(), |door| door.name.clone());
    format!("use of the door {name}, directly")
}

/// What the columns of a table of trees are called.
pub const TREE_COLUMNS: &[&str] =
    &["tenant", "slug", "name", "last_used", "uses", "uses_last_30_days", "uses_30_days_before"];

/// A row of it, in the order of [`TREE_COLUMNS`].
pub fn tree_cells(tree: &Tree) -> Vec<Option<String>> {
    let Tree { top, last_at, uses, trend: (this, before) } = tree;
    let tenant = top.tenant();
    vec![
        Some(tenant.id.to_string()),
        Some(tenant.slug.as_str().to_owned()),
        Some(tenant.display_name.clone()),
        last_at.map(|at| at.civil().to_string()),
        Some(uses.to_string()),
        Some(this.to_string()),
        Some(before.to_string()),
    ]
}

fn known(core: &Core, actor: &Actor, door: DoorId) -> Result<Door> {
    if !actor.runs_house(Scope::UsageRead) {
        return Err(Error::NotAllowed);
    }
    core.doors().iter().find(|it| it.id == door).map(|it| Door::clone(it)).ok_or(Error::NotFound)
}
