//! One thing: how it was used day by day, and the people who block its retirement.

use super::super::chart::Columns;
use super::super::frame::{Frame, Part};
use super::super::people::name;
use super::super::tenant::reached;
use super::super::trouble::Page;
use super::super::when::{When, date, when};
use super::{Choice, choices, counted, page_of, root, tag, trend, window};
use crate::frame::render;
use crate::visit::Viewing;
use askama::Template;
use axum::extract::Path;
use doorward_core::usage::{self, Blocker, Place};
use doorward_core::{Branch, Error, cursor, works};
use doorward_model::{PersonStatus, Sort, Thing};
use doorward_web::StatusCode;
use doorward_web::export::{self, Format};

/// People of a page.
const ROWS: usize = 50;
/// People read at once for a file.
const ROWS_OF_FILE: usize = 500;

struct Row {
    href: String,
    name: String,
    email: String,
    is_inactive: bool,
    days: Option<i64>,
    first: Option<When>,
    last: Option<When>,
}

impl Row {
    fn of(branch: &Branch, blocker: &Blocker) -> Self {
        let person = &blocker.person;
        Self {
            href: format!("/console/tenants/{}/people/{}", branch.tenant().id, person.id),
            name: name(&person.profile, &person.email),
            email: person.email.as_written().to_owned(),
            is_inactive: person.status != PersonStatus::Active,
            days: blocker.days,
            first: blocker.first_at.map(when),
            last: blocker.last_at.map(when),
        }
    }
}

#[derive(Template)]
#[template(path = "console/thing.html")]
struct One {
    frame: Frame,
    here: String,
    back: String,
    days: &'static str,
    choices: Vec<Choice>,
    about: String,
    is_off: bool,
    tag: &'static str,
    sentence: String,
    last: Option<When>,
    trend: String,
    uses: i64,
    people_counted: String,
    since: String,
    chart: Option<Columns>,
    people: Vec<Row>,
    next: Option<String>,
    /// Whether the people are known by their passwords.
    are_havers: bool,
    are_days_counted: bool,
}

pub(crate) async fn show(Path((id, sort, thing)): Path<(String, String, String)>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let thing = parse(&sort, &thing)?;
    let window = window(&viewing)?;
    let (core, actor) = (&visit.core, visit.actor());
    let detail = usage::one(core, &actor, &branch, &thing, window).await?;
    let seen = &detail.seen;
    let here = page_of(&branch, seen);
    let list = format!("{here} {}", window.as_str());
    let after = match viewing.text("cursor") {
        None => None,
        Some(cursor) => Place::of(&cursor::read(core, &list, cursor)?),
    };
    let found = usage::people(core, &actor, &branch, (&thing, window), after, ROWS).await?;
    let next = found.next.map(|next| {
        let cursor = cursor::write(core, &list, &next.bytes());
        format!("{here}?days={}&cursor={cursor}", window.as_str())
    });
    let one = One {
        frame: Frame::at(visit, &branch, Part::Usage, &seen.head.name),
        back: format!("{}?days={}", root(&branch), window.as_str()),
        days: window.as_str(),
        choices: choices(&here, window),
        here,
        about: seen.head.about.clone(),
        is_off: seen.head.is_off,
        tag: tag(seen.verdict).0,
        sentence: seen.verdict.sentence(thing.sort(), window),
        last: seen.last_at.map(when),
        trend: trend(seen.trend),
        uses: seen.uses,
        people_counted: counted(seen.people),
        since: date(detail.counted_since),
        chart: Columns::of_uses(&detail.days),
        people: found.items.iter().map(|it| Row::of(&branch, it)).collect(),
        next,
        are_havers: thing.sort() == Sort::Hashes,
        are_days_counted: matches!(thing, Thing::Door(_) | Thing::Application(_)),
    };
    Ok(render(StatusCode::OK, &one))
}

/// The people as a file.
pub(crate) async fn people_file(
    Path((id, sort, thing, format)): Path<(String, String, String, String)>,
    viewing: Viewing,
) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let (thing, window) = (parse(&sort, &thing)?, window(&viewing)?);
    let format = Format::parse(&format).map(Format::for_people).ok_or(Error::NotFound)?;
    let visit = &viewing.visit;
    let (core, actor, at) = (visit.core.clone(), visit.actor(), branch.clone());
    let read = move |place: Option<Place>| {
        let (core, actor, branch, thing) = (core.clone(), actor.clone(), at.clone(), thing.clone());
        async move {
            let found = usage::people(&core, &actor, &branch, (&thing, window), place, ROWS_OF_FILE).await?;
            Ok(found.map(|it| usage::people_cells(&it)))
        }
    };
    let file = export::file("usage-people", format, usage::PEOPLE_COLUMNS, read).await?;
    let what = "usage people, directly";
    works::tell_taken(&visit.core, &visit.caller, &visit.actor(), Some(&branch), what).await?;
    Ok(file)
}

fn parse(sort: &str, thing: &str) -> Result<Thing, Error> {
    let sort = Sort::parse(sort).ok_or(Error::NotFound)?;
    Thing::parse(sort, thing).ok_or(Error::NotFound)
}
