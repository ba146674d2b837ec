//! Events: what happened at a tenant and below it, and in the house.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::export::{self, EXPORT, FORMAT};
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, LIMIT, Parameter, Shape, TENANT, moment, or_null, page, shape, text, uuid, word,
};
use crate::token::Again;
use doorward_core::events::{self, Filter, Place, Scene, Told};
use doorward_core::manage::Scope;
use doorward_core::works;
use doorward_core::{Branch, cursor};
use doorward_model::{ApplicationId, EventId, EventKind, PersonId, SessionId, Timestamp};
use doorward_web::{Fields, Response, StatusCode, reply};
use http::Method;
use serde_json::json;
use std::sync::Arc;

pub(crate) const EVENT: Shape = Shape { name: "Event", schema: Shown::schema };
const PAGE: Shape = Shape { name: "EventPage", schema: || page("Event") };

const fn filter(name: &'static str, doc: &'static str, schema: fn() -> serde_json::Value) -> Parameter {
    Parameter { name, place: "query", doc, schema }
}

const ID: Parameter = Parameter { name: "event", place: "path", doc: "The event's id", schema: uuid };
const KIND: Parameter = filter("kind", "Of this kind only", kinds);
const PERSON: Parameter = filter("person", "What happened to this person only", uuid);
const SESSION: Parameter = filter("session", "With this session only", uuid);
const APPLICATION: Parameter = filter("application", "By this program only", uuid);
const FROM: Parameter = filter("from", "Not before this moment", moment);
const TO: Parameter = filter("to", "Before this moment", moment);
const FILTERS: [&str; 6] = ["kind", "person", "session", "application", "from", "to"];

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let of = |path, name, doc, parameters, answer, handler| Endpoint {
        method: Method::GET,
        path,
        scope: Scope::EventsRead,
        name,
        tag: "Events",
        doc,
        parameters,
        body: None,
        status: StatusCode::OK,
        answer,
        handler,
    };
    vec![
        of(
            "/tenants/{id}/events",
            "listEvents",
            "What happened at a tenant and below it, newest first. A page looks at some thousand events: with a filter it \
             may be short, or empty, and still have a `next`",
            &[TENANT, KIND, PERSON, SESSION, APPLICATION, FROM, TO, LIMIT, CURSOR],
            PAGE,
            |ask| Box::pin(list(ask)),
        ),
        of(
            "/tenants/{id}/events/export",
            "exportEvents",
            "The same as a file, to its end",
            &[TENANT, FORMAT, KIND, PERSON, SESSION, APPLICATION, FROM, TO],
            EXPORT,
            |ask| Box::pin(download(ask)),
        ),
        of(
            "/tenants/{id}/events/{event}",
            "getEvent",
            "One event of a tenant, or of one below it",
            &[TENANT, ID],
            EVENT,
            |ask| Box::pin(get(ask)),
        ),
        of(
            "/events",
            "listHouseEvents",
            "What happened to the installation itself: doors, regions, operators; operators only",
            &[KIND, PERSON, SESSION, APPLICATION, FROM, TO, LIMIT, CURSOR],
            PAGE,
            |ask| Box::pin(list(ask)),
        ),
        of(
            "/events/export",
            "exportHouseEvents",
            "The same as a file, to its end; operators only",
            &[FORMAT, KIND, PERSON, SESSION, APPLICATION, FROM, TO],
            EXPORT,
            |ask| Box::pin(download(ask)),
        ),
        of(
            "/events/{event}",
            "getHouseEvent",
            "One event of the installation itself; operators only",
            &[ID],
            EVENT,
            |ask| Box::pin(get(ask)),
        ),
    ]
}

shape! {
    /// An event.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "When it happened"]
        at: String = moment(),
        #[doc = "What happened"]
        kind: &'static str = kinds(),
        #[doc = "The same in words, for people"]
        sentence: String = text(),
        #[doc = "At which tenant"]
        tenant: Option<String> = or_null(uuid()),
        #[doc = "What it is called"]
        tenant_name: Option<String> = or_null(text()),
        #[doc = "To whom"]
        person: Option<String> = or_null(uuid()),
        #[doc = "What they are called"]
        person_name: Option<String> = or_null(text()),
        #[doc = "By whom, if not by themselves: `person` and an id, `application` and its App-Id, `operator`"]
        actor: Option<String> = or_null(text()),
        #[doc = "With which session"]
        session: Option<String> = or_null(uuid()),
        #[doc = "Through which door"]
        door: Option<String> = or_null(uuid()),
        #[doc = "By which program"]
        application: Option<String> = or_null(uuid()),
        #[doc = "From where"]
        address: Option<String> = or_null(text()),
        #[doc = "What else is worth knowing"]
        detail: Option<String> = or_null(text()),
    }
}

fn kinds() -> serde_json::Value {
    let words: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    word(&words)
}

impl From<&Told> for Shown {
    fn from(told: &Told) -> Self {
        let Told { event, names } = told;
        Self {
            id: event.id.to_string(),
            at: event.at.civil().to_string(),
            kind: event.kind.as_str(),
            sentence: told.sentence(),
            tenant: event.tenant.map(|id| id.to_string()),
            tenant_name: names.tenant.clone(),
            person: event.person.map(|id| id.to_string()),
            person_name: names.person.clone(),
            actor: event.actor.clone(),
            session: event.session.map(|id| id.to_string()),
            door: event.door.map(|id| id.to_string()),
            application: event.application.map(|id| id.to_string()),
            address: event.address.map(|address| address.to_string()),
            detail: event.detail.clone(),
        }
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let branch = place(&ask).await?;
    let query = ask.query(&[&FILTERS[..], &["limit", "cursor"]].concat())?;
    let filter = filter_of(&query)?;
    let wanted = ask.wanted(&query, &format!("{filter:?}"))?;
    let before =
        wanted.place.as_deref().map(|bytes| Place::of(bytes).ok_or_else(Problem::other_list)).transpose()?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let found = events::list(core, actor, scene(branch.as_ref()), filter, before, wanted.rows).await?;
    let next = found.next.map(|place| cursor::write(core, &wanted.list, &place.bytes()));
    let items: Vec<Shown> = found.items.iter().map(Shown::from).collect();
    Ok(reply::json(StatusCode::OK, &json!({ "items": items, "next": next })))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = place(&ask).await?;
    ask.query(&[])?;
    let id = EventId::parse(ask.parameter("event")).ok_or_else(|| Problem::of(Code::NotFound));
    let told = events::find(&ask.core, &ask.bearer.actor, scene(branch.as_ref()), id?).await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&told)))
}

async fn download(ask: Ask) -> Result<Response, Problem> {
    let branch = place(&ask).await?;
    let query = ask.query(&[&FILTERS[..], &["format"]].concat())?;
    let (filter, format) = (filter_of(&query)?, export::format(&query)?);
    let again = Arc::new(Again::of(&ask, Scope::EventsRead, branch.as_ref())?);
    let core = ask.core.clone();
    let at = branch;
    let read = move |before: Option<Place>| {
        let (core, again) = (core.clone(), Arc::clone(&again));
        async move {
            let (actor, branch) = again.admit().await?;
            let found =
                events::list(&core, &actor, scene(branch.as_ref()), filter, before, export::ROWS).await?;
            Ok(found.map(|told| events::cells(&told)))
        }
    };
    let file = doorward_web::export::file("events", format, events::COLUMNS, read).await?;
    works::tell_taken(&ask.core, &ask.caller, &ask.bearer.actor, at.as_ref(), "events, directly").await?;
    Ok(file)
}

/// The tenant of the path, if it names one.
async fn place(ask: &Ask) -> Result<Option<Branch>, Problem> {
    if ask.names("id") { ask.tenant().await.map(Some) } else { Ok(None) }
}

fn scene(branch: Option<&Branch>) -> Scene<'_> {
    branch.map_or(Scene::House, Scene::At)
}

fn filter_of(query: &Fields) -> Result<Filter, Problem> {
    Ok(Filter {
        kind: one(query, "kind", "a kind of event", EventKind::parse)?,
        person: one(query, "person", "an id", PersonId::parse)?,
        session: one(query, "session", "an id", SessionId::parse)?,
        application: one(query, "application", "an id", ApplicationId::parse)?,
        from: one(query, "from", "a moment, as 2026-11-22T10:00:00Z", Timestamp::of_civil)?,
        to: one(query, "to", "a moment, as 2026-11-22T10:00:00Z", Timestamp::of_civil)?,
    })
}

fn one<T>(
    query: &Fields,
    name: &str,
    expected: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let refused = || Problem::of(Code::Invalid).field(name, format!("expected {expected}"));
    query.text(name)?.map(|text| parse(text).ok_or_else(refused)).transpose()
}
