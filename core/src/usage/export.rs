//! Things and their people as tables.

use super::{Blocker, Count, Seen, Window, list};
use crate::below::Keyed;
use crate::{Actor, Branch, Core, Result};
use doorward_model::Sort;
use uuid::Uuid;

/// What the columns of a table of things are called.
pub const COLUMNS: &[&str] = &[
    "sort",
    "name",
    "about",
    "owner",
    "last_used",
    "uses",
    "uses_last_30_days",
    "uses_30_days_before",
    "people",
    "verdict",
    "sentence",
    "id",
];

/// A row of it, in the order of [`COLUMNS`].
fn cells(seen: &Seen, window: Window) -> Vec<Option<String>> {
    let Seen { head, last_at, uses, trend: (this, before), people, verdict } = seen;
    vec![
        Some(head.thing.sort().as_str().to_owned()),
        Some(head.name.clone()),
        Some(head.about.clone()),
        head.owner.as_ref().map(|(_, name)| name.clone()),
        last_at.map(|at| at.civil().to_string()),
        Some(uses.to_string()),
        Some(this.to_string()),
        Some(before.to_string()),
        Some(counted(*people)),
        Some(verdict.as_str().to_owned()),
        Some(verdict.sentence(head.thing.sort(), window)),
        Some(head.thing.name()),
    ]
}

/// A place in the table of all things: behind one of a sort, or at a sort's beginning.
pub type Row = (Sort, Option<Uuid>);

/// The next rows of the table of things at a tenant and below it: of one sort, or of one after the other. Errors: as [`list`].
pub async fn table(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    (only, window): (Option<Sort>, Window),
    place: Option<Row>,
    rows: usize,
) -> Result<Keyed<Vec<Option<String>>, Row>> {
    let first = only.unwrap_or(Sort::Doors);
    let (sort, after) = place.unwrap_or((first, None));
    let found = list(core, actor, branch, (sort, window), after, rows).await?;
    let mut behind = Sort::ALL.into_iter().skip_while(|it| *it != sort).skip(1);
    let next = match found.next {
        Some(next) => Some((sort, Some(next))),
        None => behind.next().filter(|_| only.is_none()).map(|sort| (sort, None)),
    };
    let items = found.items.iter().map(|seen| cells(seen, window)).collect();
    Ok(Keyed { items, next })
}

/// What the columns of a table of people are called.
pub const PEOPLE_COLUMNS: &[&str] = &["person", "name", "email", "status", "days", "first_used", "last_used"];

/// A row of it, in the order of [`PEOPLE_COLUMNS`].
pub fn people_cells(blocker: &Blocker) -> Vec<Option<String>> {
    let Blocker { person, days, first_at, last_at } = blocker;
    vec![
        Some(person.id.to_string()),
        Some(blocker.called()),
        Some(person.email.as_written().to_owned()),
        Some(person.status.as_str().to_owned()),
        days.map(|days| days.to_string()),
        first_at.map(|at| at.civil().to_string()),
        last_at.map(|at| at.civil().to_string()),
    ]
}

fn counted(count: Count) -> String {
    if count.is_more { format!("more than {}", count.counted) } else { count.counted.to_string() }
}
