//! A door in the whole installation: how it is used day by day, and the trees that use it.

use super::super::chart::Columns;
use super::super::frame::{Frame, Room};
use super::super::trouble::Page;
use super::super::when::{When, date, when};
use super::{Choice, choices, tag, trend, window};
use crate::frame::render;
use crate::visit::Viewing;
use askama::Template;
use axum::extract::Path;
use doorward_core::usage::{self, Tree, Window};
use doorward_core::{Error, cursor, works};
use doorward_model::{DoorId, Sort};
use doorward_web::StatusCode;
use doorward_web::export::{self, Format};

/// Trees of a page.
const ROWS: usize = 50;
/// Trees read at once for a file.
const ROWS_OF_FILE: usize = 200;

struct Row {
    /// The door's use in this tree, with its people.
    href: String,
    name: String,
    last: Option<When>,
    trend: String,
    uses: i64,
}

impl Row {
    fn of(door: DoorId, window: Window, tree: &Tree) -> Self {
        let tenant = tree.top.tenant();
        Self {
            href: format!("/console/tenants/{}/usage/doors/{door}?days={}", tenant.id, window.as_str()),
            name: tenant.display_name.clone(),
            last: tree.last_at.map(when),
            trend: trend(tree.trend),
            uses: tree.uses,
        }
    }
}

#[derive(Template)]
#[template(path = "console/door_usage.html")]
struct Everywhere {
    frame: Frame,
    here: String,
    door: String,
    name: String,
    days: &'static str,
    choices: Vec<Choice>,
    host: String,
    tag: &'static str,
    sentence: String,
    last: Option<When>,
    trend: String,
    uses: i64,
    since: String,
    chart: Option<Columns>,
    trees: Vec<Row>,
    /// Whether pages lie before this one.
    is_later: bool,
    next: Option<String>,
}

fn parse(id: &str) -> Result<DoorId, Error> {
    DoorId::parse(id).ok_or(Error::NotFound)
}

pub(crate) async fn show_door(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let (id, window) = (parse(&id)?, window(&viewing)?);
    let (core, actor) = (&visit.core, visit.actor());
    let found = usage::everywhere(core, &actor, id, window).await?;
    let door = format!("/console/doors/{id}");
    let here = format!("{door}/usage");
    let list = format!("{here} {}", window.as_str());
    let after = match viewing.text("cursor") {
        None => None,
        Some(cursor) => Some(usage::tree_place(&cursor::read(core, &list, cursor)?).ok_or(Error::NotFound)?),
    };
    let trees = usage::trees(core, &actor, (id, window), after, ROWS).await?;
    let next = trees.next.map(|next| {
        let cursor = cursor::write(core, &list, &usage::tree_bytes(next));
        format!("{here}?days={}&cursor={cursor}", window.as_str())
    });
    let page = Everywhere {
        frame: Frame::of(visit, Room::Doors, format!("Who still uses {}?", found.door.name)),
        door,
        name: found.door.name,
        days: window.as_str(),
        choices: choices(&here, window),
        here,
        host: found.door.host.to_string(),
        tag: tag(found.verdict).0,
        sentence: found.verdict.sentence(Sort::Doors, window),
        last: found.last_at.map(when),
        trend: trend(found.trend),
        uses: found.uses,
        since: date(found.counted_since),
        chart: Columns::of_uses(&found.days),
        trees: trees.items.iter().map(|tree| Row::of(id, window, tree)).collect(),
        next,
        is_later: after.is_some(),
    };
    Ok(render(StatusCode::OK, &page))
}

/// The trees as a file.
pub(crate) async fn trees_file(Path((id, format)): Path<(String, String)>, viewing: Viewing) -> Page {
    let (id, window) = (parse(&id)?, window(&viewing)?);
    let format = Format::parse(&format).map(Format::for_people).ok_or(Error::NotFound)?;
    let visit = &viewing.visit;
    let (core, actor) = (visit.core.clone(), visit.actor());
    let read = move |after: Option<i64>| {
        let (core, actor) = (core.clone(), actor.clone());
        async move {
            let found = usage::trees(&core, &actor, (id, window), after, ROWS_OF_FILE).await?;
            Ok(found.map(|tree| usage::tree_cells(&tree)))
        }
    };
    let file = export::file("door-usage", format, usage::TREE_COLUMNS, read).await?;
    let told = usage::trees_taken(&visit.core, id);
    works::tell_taken(&visit.core, &visit.caller, &visit.actor(), None, &told).await?;
    Ok(file)
}
