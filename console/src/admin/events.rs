//! What happened: at a tenant and below it, or to the installation itself; as sentences, as records, and as files to keep.

use super::frame::{Frame, Part, Room};
use super::people::name;
use super::tenant::reached;
use super::trouble::{Page, mendable};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::{Viewing, Visit};
use askama::Template;
use axum::extract::Path;
use doorward_core::events::{self, Filter, Place, Scene, Told};
use doorward_core::people::{self, Listed};
use doorward_core::{Branch, Error, cursor, works};
use doorward_model::{EventId, EventKind, PersonId, Timestamp};
use doorward_web::StatusCode;
use doorward_web::export::{self, Format};
use url::form_urlencoded;

/// Rows of a page.
const ROWS: usize = 50;
/// Rows read at once for a file.
const ROWS_OF_FILE: usize = 500;

struct Row {
    href: String,
    at: When,
    sentence: String,
    address: String,
}

/// A kind to choose from.
struct Kind {
    word: &'static str,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "console/events.html")]
struct List {
    frame: Frame,
    /// The address of this list.
    here: String,
    kinds: Vec<Kind>,
    person: String,
    /// Who that is, and their page, where it is somebody of this tenant.
    whose: Option<(String, String)>,
    from: String,
    to: String,
    rows: Vec<Row>,
    next: Option<String>,
    /// The tenant whose events they are; `None` for the house's.
    tenant: Option<doorward_model::TenantId>,
    /// The kind that is asked for.
    kind: String,
    /// What is asked for, as it stands in the addresses of the files.
    query: String,
    problem: Option<String>,
}

/// Where the events are: at a tenant, or in the house.
struct Where {
    branch: Option<Branch>,
    here: String,
}

impl Where {
    async fn of(visit: &Visit, tenant: Option<&str>) -> Result<Self, super::Trouble> {
        Ok(match tenant {
            Some(id) => {
                let branch = reached(visit, id).await?;
                let here = format!("/console/tenants/{}/events", branch.tenant().id);
                Self { branch: Some(branch), here }
            }
            None => Self { branch: None, here: "/console/events".to_owned() },
        })
    }

    fn scene(&self) -> Scene<'_> {
        self.branch.as_ref().map_or(Scene::House, Scene::At)
    }

    fn frame(&self, visit: &Visit, title: &str) -> Frame {
        match &self.branch {
            Some(branch) => Frame::at(visit, branch, Part::Events, title),
            None => Frame::of(visit, Room::Events, title),
        }
    }
}

pub(crate) async fn of_tenant(Path(id): Path<String>, viewing: Viewing) -> Page {
    list(&viewing, Where::of(&viewing.visit, Some(&id)).await?).await
}

pub(crate) async fn of_house(viewing: Viewing) -> Page {
    list(&viewing, Where::of(&viewing.visit, None).await?).await
}

async fn list(viewing: &Viewing, place: Where) -> Page {
    let visit = &viewing.visit;
    let typed = ["person", "from", "to"].map(|name| viewing.text(name).unwrap_or_default().to_owned());
    let (rows, next, problem) = match page(viewing, &place).await {
        Ok((rows, next)) => (rows, next, None),
        Err(error) => (Vec::new(), None, Some(mendable(error)?)),
    };
    let [person, from, to] = typed;
    let chosen = viewing.text("kind").and_then(EventKind::parse);
    let whose = match place.branch.as_ref().zip(PersonId::parse(&person)) {
        Some((branch, id)) => whose(visit, branch, id).await?,
        None => None,
    };
    let list = List {
        frame: place.frame(visit, "Events"),
        kinds: EventKind::ALL
            .iter()
            .map(|kind| Kind {
                word: kind.as_str(),
                label: kind.as_str().replace('_', " "),
                is_chosen: Some(*kind) == chosen,
            })
            .collect(),
        person,
        whose,
        from,
        to,
        rows,
        next,
        tenant: place.branch.as_ref().map(|branch| branch.tenant().id),
        kind: viewing.text("kind").unwrap_or_default().to_owned(),
        query: query(viewing).finish(),
        here: place.here,
        problem,
    };
    Ok(render(super::trouble::status(&list.problem), &list))
}

async fn whose(visit: &Visit, branch: &Branch, id: PersonId) -> Result<Option<(String, String)>, Error> {
    match people::one_of(&visit.core, &visit.actor(), branch, id).await {
        Ok(Listed { person, .. }) => {
            let href = format!("/console/tenants/{}/people/{id}", branch.tenant().id);
            Ok(Some((href, name(&person.profile, &person.email))))
        }
        // Their events stay when they are gone.
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What the list is narrowed by, as it was asked for.
fn query(viewing: &Viewing) -> form_urlencoded::Serializer<'static, String> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["kind", "person", "from", "to"] {
        if let Some(text) = viewing.text(name) {
            query.append_pair(name, text);
        }
    }
    query
}

async fn page(viewing: &Viewing, place: &Where) -> Result<(Vec<Row>, Option<String>), Error> {
    let visit = &viewing.visit;
    let filter = filter(|name| viewing.text(name))?;
    let list = format!("console {} {filter:?}", place.here);
    let before = match viewing.text("cursor") {
        Some(cursor) => Place::of(&cursor::read(&visit.core, &list, cursor)?),
        None => None,
    };
    let found = events::list(&visit.core, &visit.actor(), place.scene(), filter, before, ROWS).await?;
    let next = found.next.map(|next| {
        let cursor = cursor::write(&visit.core, &list, &next.bytes());
        format!("{}?{}", place.here, query(viewing).append_pair("cursor", &cursor).finish())
    });
    let row = |told: &Told| Row {
        href: format!("{}/{}", place.here, told.event.id),
        at: when(told.event.at),
        sentence: told.sentence(),
        address: told.event.address.map(|address| address.to_string()).unwrap_or_default(),
    };
    Ok((found.items.iter().map(row).collect(), next))
}

/// Which events are meant by what was asked for, by name.
pub(super) fn filter<'a>(asked: impl Fn(&'static str) -> Option<&'a str>) -> Result<Filter, Error> {
    let kind = match asked("kind") {
        None => None,
        Some(word) => {
            Some(EventKind::parse(word).ok_or_else(|| Error::invalid("what", "there is no such kind"))?)
        }
    };
    let person =
        match asked("person") {
            None => None,
            Some(id) => Some(PersonId::parse(id).ok_or_else(|| {
                Error::invalid("person", "expected the id that stands on the person's page")
            })?),
        };
    let (from, to) = (day(&asked, "from", false)?, day(&asked, "to", true)?);
    Ok(Filter { kind, person, from, to, ..Filter::default() })
}

/// A day as forms send it, in UTC: its beginning, or its end.
fn day<'a>(
    asked: impl Fn(&'static str) -> Option<&'a str>,
    name: &'static str,
    is_end: bool,
) -> Result<Option<Timestamp>, Error> {
    let Some(text) = asked(name) else { return Ok(None) };
    let refused = || Error::invalid(name, "expected a day, like 2026-11-22");
    let day: jiff::civil::Date = text.parse().map_err(|_| refused())?;
    let day = if is_end { day.tomorrow().map_err(|_| refused())? } else { day };
    let begun = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| refused())?;
    Ok(Some(Timestamp::from_micros(begun.timestamp().as_microsecond())))
}

#[derive(Template)]
#[template(path = "console/event.html")]
struct One {
    frame: Frame,
    here: String,
    sentence: String,
    at: When,
    /// The raw record: names and values.
    record: Vec<(&'static str, String)>,
    /// The page of the person it happened to.
    person: Option<String>,
}

pub(crate) async fn one_of_tenant(Path((id, event)): Path<(String, String)>, viewing: Viewing) -> Page {
    one(&viewing, Where::of(&viewing.visit, Some(&id)).await?, &event).await
}

pub(crate) async fn one_of_house(Path(event): Path<String>, viewing: Viewing) -> Page {
    one(&viewing, Where::of(&viewing.visit, None).await?, &event).await
}

async fn one(viewing: &Viewing, place: Where, event: &str) -> Page {
    let visit = &viewing.visit;
    let id = EventId::parse(event).ok_or(Error::NotFound)?;
    let told = events::find(&visit.core, &visit.actor(), place.scene(), id).await?;
    let cells = events::COLUMNS.iter().copied().zip(events::cells(&told));
    let person = place.branch.as_ref().zip(told.event.person);
    let one = One {
        frame: place.frame(visit, "One event"),
        sentence: told.sentence(),
        at: when(told.event.at),
        record: cells
            .filter(|(name, _)| *name != "sentence")
            .filter_map(|(name, cell)| cell.map(|cell| (name, cell)))
            .collect(),
        person: person.map(|(branch, id)| format!("/console/tenants/{}/people/{id}", branch.tenant().id)),
        here: place.here,
    };
    Ok(render(StatusCode::OK, &one))
}

pub(crate) async fn file_of_tenant(Path((id, format)): Path<(String, String)>, viewing: Viewing) -> Page {
    file(&viewing, Where::of(&viewing.visit, Some(&id)).await?, &format).await
}

pub(crate) async fn file_of_house(Path(format): Path<String>, viewing: Viewing) -> Page {
    file(&viewing, Where::of(&viewing.visit, None).await?, &format).await
}

async fn file(viewing: &Viewing, place: Where, format: &str) -> Page {
    let format = Format::parse(format).map(Format::for_people).ok_or(Error::NotFound)?;
    let filter = filter(|name| viewing.text(name))?;
    let visit = &viewing.visit;
    let (core, actor, branch) = (visit.core.clone(), visit.actor(), place.branch.clone());
    let read = move |before: Option<Place>| {
        let (core, actor, branch) = (core.clone(), actor.clone(), branch.clone());
        async move {
            let scene = branch.as_ref().map_or(Scene::House, Scene::At);
            let found = events::list(&core, &actor, scene, filter, before, ROWS_OF_FILE).await?;
            Ok(found.map(|told| events::cells(&told)))
        }
    };
    let file = export::file("events", format, events::COLUMNS, read).await?;
    let branch = place.branch.as_ref();
    works::tell_taken(&visit.core, &visit.caller, &visit.actor(), branch, "events, directly").await?;
    Ok(file)
}
