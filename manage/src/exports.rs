//! Exports: files of what is kept at a tenant, made in the background and kept for a day.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::export::{self, EXPORT, FORMAT};
use crate::imports::{count, named, of_kinds, states};
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, IDEMPOTENCY_KEY, LIMIT, Parameter, Shape, TENANT, moment, object, or_null, page, shape, text,
    uuid, word,
};
use crate::token::Again;
use doorward_core::Error;
use doorward_core::events::Filter;
use doorward_core::manage::Scope;
use doorward_core::once::Done;
use doorward_core::works::{self, Export};
use doorward_model::{
    ApplicationId, EventKind, PersonId, SessionId, TermsId, Timestamp, Work, WorkId, WorkKind,
};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Fields, Response, StatusCode};
use http::{Method, header};
use serde_json::Value;
use std::sync::Arc;

const ID: Parameter = Parameter { name: "export", place: "path", doc: "The export's id", schema: uuid };
pub(crate) const SHOWN: Shape = Shape { name: "ExportWork", schema: Shown::schema };
const PAGE: Shape = Shape { name: "ExportWorkPage", schema: || page("ExportWork") };
const NEW: Shape = Shape { name: "NewExport", schema: new_schema };
const EXPORTS: [WorkKind; 3] = [WorkKind::ExportPeople, WorkKind::ExportEvents, WorkKind::ExportConsents];

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
    method: Method::GET,
    path: "/tenants/{id}/exports",
    scope: Scope::ExportsRead,
    name: "",
    tag: "Exports",
    doc: "",
    parameters: &[TENANT, ID],
    body: None,
    status: StatusCode::OK,
    answer: SHOWN,
    handler: |ask| Box::pin(get(ask)),
};

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint {
            name: "listExports",
            doc: "A tenant's exports of the last month, newest first. A page may be short and still have a `next`",
            parameters: &[TENANT, LIMIT, CURSOR],
            answer: PAGE,
            handler: |ask| Box::pin(list(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::POST,
            scope: Scope::ExportsWrite,
            name: "createExport",
            doc: "Has a file made of people, events or consents, in the background. The token needs the scope to read these, too",
            parameters: &[TENANT, IDEMPOTENCY_KEY],
            body: Some(NEW),
            status: StatusCode::CREATED,
            handler: |ask| Box::pin(create(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/exports/{export}",
            name: "getExport",
            doc: "How far an export came",
            ..BASE
        },
        Endpoint {
            method: Method::POST,
            path: "/tenants/{id}/exports/{export}/cancel",
            scope: Scope::ExportsWrite,
            name: "cancelExport",
            doc: "Ends an export",
            handler: |ask| Box::pin(cancel(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/exports/{export}/file",
            name: "downloadExport",
            doc: "The file of an export that is done, for a day; the token needs the scope to read what is in it, too",
            parameters: &[TENANT, ID, FORMAT],
            answer: EXPORT,
            handler: |ask| Box::pin(download(ask)),
            ..BASE
        },
    ]
}

shape! {
    /// An export.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "Of what"]
        of: &'static str = sorts(),
        #[doc = "How it stands"]
        state: &'static str = states(),
        #[doc = "Rows so far"]
        rows: i64 = count(),
        #[doc = "Why it ended before its end"]
        reason: Option<String> = or_null(text()),
        #[doc = "Who began it; without an id once its file is gone"]
        actor: String = text(),
        #[doc = "When it was begun"]
        made_at: String = moment(),
        #[doc = "When it ended"]
        finished_at: Option<String> = or_null(moment()),
        #[doc = "Until when its file is kept at most; null once there is none to ask for"]
        kept_until: Option<String> = or_null(moment()),
    }
}

fn sorts() -> Value {
    word(&["people", "events", "consents"])
}

const fn sort(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::ImportPeople | WorkKind::ExportPeople => "people",
        WorkKind::ExportEvents => "events",
        WorkKind::ExportConsents => "consents",
    }
}

impl From<&Work> for Shown {
    fn from(work: &Work) -> Self {
        Self {
            id: work.id.to_string(),
            of: sort(work.kind),
            state: work.state.as_str(),
            rows: work.done,
            reason: work.reason.clone(),
            actor: work.actor.clone(),
            made_at: work.made_at.civil().to_string(),
            finished_at: work.finished_at.map(|at| at.civil().to_string()),
            kept_until: work.kept_until().map(|at| at.civil().to_string()),
        }
    }
}

const FIELDS: [&str; 8] = ["of", "terms", "kind", "person", "session", "application", "from", "to"];

fn new_schema() -> Value {
    let kinds: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    object(
        &["of"],
        &[
            ("of", "Of what", sorts()),
            ("terms", "Of consents: to which version of the tenant's terms", or_null(uuid())),
            ("kind", "Of events: of this kind only", or_null(word(&kinds))),
            ("person", "Of events: what happened to this person only", or_null(uuid())),
            ("session", "Of events: with this session only", or_null(uuid())),
            ("application", "Of events: by this program only", or_null(uuid())),
            ("from", "Of events: not before this moment", or_null(moment())),
            ("to", "Of events: before this moment", or_null(moment())),
        ],
    )
}

fn shown(work: &Work) -> Shown {
    Shown::from(work)
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    of_kinds(ask, &EXPORTS, shown).await
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let export = wanted(&ask.fields(&FIELDS)?)?;
    let once = ask.once()?;
    let Ask { core, caller, bearer, .. } = &ask;
    let work = match works::export(core, caller, &bearer.actor, &branch, export, once).await {
        Ok(Done::Now(work)) => work,
        Ok(Done::Before(id)) => works::find(core, &bearer.actor, &branch, WorkId::new(id)).await?,
        // The terms are a field here, not a place.
        Err(Error::NotFound) => {
            return Err(Problem::of(Code::Invalid).field("terms", "there are no such terms"));
        }
        Err(fault) => return Err(fault.into()),
    };
    let at = format!("{}/tenants/{}/exports/{}", crate::BASE, branch.tenant().id, work.id);
    Ok(reply::json(StatusCode::CREATED, &Shown::from(&work)).with_header(header::LOCATION, &at))
}

fn wanted(fields: &Fields) -> Result<Export, Problem> {
    let wrong = |field: &str, problem: &str| Problem::of(Code::Invalid).field(field, problem);
    let filter = Filter {
        kind: one(fields, "kind", "a kind of event", EventKind::parse)?,
        person: one(fields, "person", "an id", PersonId::parse)?,
        session: one(fields, "session", "an id", SessionId::parse)?,
        application: one(fields, "application", "an id", ApplicationId::parse)?,
        from: one(fields, "from", "a moment, as 2026-11-22T10:00:00Z", Timestamp::of_civil)?,
        to: one(fields, "to", "a moment, as 2026-11-22T10:00:00Z", Timestamp::of_civil)?,
    };
    let terms = one(fields, "terms", "an id", TermsId::parse)?;
    match (fields.required_text("of")?, terms) {
        ("events", None) => Ok(Export::Events(filter)),
        ("consents", Some(terms)) if filter == Filter::default() => Ok(Export::Consents(terms)),
        ("consents", None) => Err(wrong("terms", "is missing: consents to which version?")),
        ("people", None) if filter == Filter::default() => Ok(Export::People),
        ("people" | "consents" | "events", _) => Err(wrong("of", "goes with none of the other fields here")),
        _ => Err(wrong("of", "expected people, events or consents")),
    }
}

fn one<T>(
    fields: &Fields,
    name: &str,
    expected: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let refused = || Problem::of(Code::Invalid).field(name, format!("expected {expected}"));
    fields.text(name)?.map(|text| parse(text).ok_or_else(refused)).transpose()
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let work = named(&ask, &branch, "export").await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&work)))
}

async fn cancel(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let id = named(&ask, &branch, "export").await?.id;
    let work = works::cancel(&ask.core, &ask.caller, &ask.bearer.actor, &branch, id).await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&work)))
}

async fn download(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let format = export::format(&ask.query(&["format"])?)?;
    let work = named(&ask, &branch, "export").await?;
    let again = Arc::new(Again::of(&ask, Scope::ExportsRead, Some(&branch))?);
    let (core, id) = (ask.core.clone(), work.id);
    let read = move |from: Option<i64>| {
        let (core, again) = (core.clone(), Arc::clone(&again));
        async move {
            let (actor, branch) = again.admit().await?;
            works::rows(&core, &actor, &branch.ok_or(Error::NotFound)?, id, from).await
        }
    };
    let file = doorward_web::export::file(sort(work.kind), format, works::columns(work.kind), read).await?;
    let what = format!("{}, made before", sort(work.kind));
    works::tell_taken(&ask.core, &ask.caller, &ask.bearer.actor, Some(&branch), &what).await?;
    Ok(file)
}
