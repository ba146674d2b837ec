//! Imports of people: begun with a file or a list, looked at while they go on, ended.

mod shapes;

pub(crate) use shapes::{count, states};

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{CURSOR, IDEMPOTENCY_KEY, LIMIT, Parameter, Shape, TENANT, page, truth, uuid};
use doorward_core::cursor;
use doorward_core::manage::Scope;
use doorward_core::once::Done;
use doorward_core::works::{self, COLUMNS, Import, Row, Sheet};
use doorward_model::{Work, WorkId, WorkKind};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode, table};
use http::{Method, header};
use serde_json::Value;
use shapes::{Line, Shown, table_schema};
use uuid::Uuid;

const ID: Parameter = Parameter { name: "import", place: "path", doc: "The import's id", schema: uuid };
const INVITE: Parameter = Parameter {
    name: "invite",
    place: "query",
    doc: "Whether each of them is mailed an invitation; nobody is mailed unless said",
    schema: truth,
};
const CHECK: Parameter = Parameter {
    name: "check",
    place: "query",
    doc: "Whether it is only looked through: nothing is written until it is started",
    schema: truth,
};
pub(crate) const IMPORT: Shape = Shape { name: "Import", schema: Shown::schema };
const PAGE: Shape = Shape { name: "ImportPage", schema: || page("Import") };
pub(crate) const REFUSED: Shape = Shape { name: "RefusedLine", schema: Line::schema };
const REFUSED_PAGE: Shape = Shape { name: "RefusedLinePage", schema: || page("RefusedLine") };
/// JSON, or a table as `text/csv` (`openapi.rs`, `serve.rs`).
pub(crate) const TABLE: Shape = Shape { name: "NewImport", schema: table_schema };

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
    method: Method::GET,
    path: "/tenants/{id}/imports",
    scope: Scope::PeopleRead,
    name: "",
    tag: "Imports",
    doc: "",
    parameters: &[TENANT, ID],
    body: None,
    status: StatusCode::OK,
    answer: IMPORT,
    handler: |ask| Box::pin(get(ask)),
};

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint {
            name: "listImports",
            doc: "A tenant's imports of the last month, newest first. A page may be short and still have a `next`",
            parameters: &[TENANT, LIMIT, CURSOR],
            answer: PAGE,
            handler: |ask| Box::pin(list(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::POST,
            scope: Scope::PeopleWrite,
            name: "createImport",
            doc: "Makes people of a list, or of a file sent as `text/csv` whose first line names the columns: email, first_name, \
                  last_name, known_as, kind, role, language. Goes on in the background; lines that cannot be done are kept for a day",
            parameters: &[TENANT, INVITE, CHECK, IDEMPOTENCY_KEY],
            body: Some(TABLE),
            status: StatusCode::CREATED,
            handler: |ask| Box::pin(create(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/imports/{import}",
            name: "getImport",
            doc: "How far an import came",
            ..BASE
        },
        Endpoint {
            method: Method::POST,
            path: "/tenants/{id}/imports/{import}/start",
            scope: Scope::PeopleWrite,
            name: "startImport",
            doc: "Starts an import that was looked through, within an hour",
            handler: |ask| Box::pin(start(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::POST,
            path: "/tenants/{id}/imports/{import}/cancel",
            scope: Scope::PeopleWrite,
            name: "cancelImport",
            doc: "Ends an import; people it made stay",
            handler: |ask| Box::pin(cancel(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/imports/{import}/refused",
            name: "listRefusedLines",
            doc: "The lines that could not be done, in the file's order; until a day after the end",
            parameters: &[TENANT, ID, LIMIT, CURSOR],
            answer: REFUSED_PAGE,
            handler: |ask| Box::pin(refused(ask)),
            ..BASE
        },
    ]
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["invite", "check"])?;
    let said = |name| query.boolean(name).map(|it| it.unwrap_or(false));
    let import = Import { invite: said("invite")?, only_check: said("check")?, sheet: sheet(&ask)? };
    let once = ask.once()?;
    let Ask { core, caller, bearer, .. } = &ask;
    let work = match works::import(core, caller, &bearer.actor, &branch, import, once).await? {
        Done::Now(work) => work,
        Done::Before(id) => works::find(core, &bearer.actor, &branch, WorkId::new(id)).await?,
    };
    let at = format!("{}/tenants/{}/imports/{}", crate::BASE, branch.tenant().id, work.id);
    Ok(reply::json(StatusCode::CREATED, &Shown::from(&work)).with_header(header::LOCATION, &at))
}

/// What is to be imported, in either form.
fn sheet(ask: &Ask) -> Result<Sheet, Problem> {
    if ask.is_of("text/csv") {
        return table::read(&ask.body).map_err(|problem| Problem::of(Code::Invalid).field("file", problem));
    }
    let fields = ask.fields(&["people"])?;
    let wrong = || Problem::of(Code::Invalid).field("people", "expected a list of objects of texts");
    let people = fields.value("people")?.and_then(Value::as_array).ok_or_else(wrong)?;
    let rows = (1..).zip(people).map(|(number, person)| {
        let person = person.as_object().ok_or_else(wrong)?;
        if let Some(name) = person.keys().find(|name| !COLUMNS.contains(&name.as_str())) {
            return Err(Problem::of(Code::Invalid).field(format!("people.{name}"), "no such field here"));
        }
        if !person.contains_key("email") {
            return Err(Problem::of(Code::Invalid).field("people.email", "is missing"));
        }
        let cells = COLUMNS.iter().map(|name| match person.get(*name) {
            None => Ok(String::new()),
            Some(Value::Null) if *name != "email" => Ok(String::new()),
            Some(value) => value.as_str().map(str::to_owned).ok_or_else(wrong),
        });
        Ok(Row { number, cells: Ok(cells.collect::<Result<_, Problem>>()?) })
    });
    let rows = rows.collect::<Result<_, Problem>>()?;
    Ok(Sheet { header: COLUMNS.map(str::to_owned).to_vec(), rows })
}

fn shown(work: &Work) -> Shown {
    Shown::from(work)
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    of_kinds(ask, &[WorkKind::ImportPeople], shown).await
}

/// A page of a tenant's works of these kinds.
pub(crate) async fn of_kinds<T: serde::Serialize>(
    ask: Ask,
    kinds: &[WorkKind],
    shown: fn(&Work) -> T,
) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let before = wanted.place.as_deref().map(place).transpose()?;
    let found = works::list(core, actor, &branch, kinds, before, wanted.rows).await?;
    let next = found.next.map(|id| cursor::write(core, &wanted.list, id.as_bytes()));
    Ok(crate::answer::page(&found.items.iter().map(shown).collect::<Vec<_>>(), next))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let work = named(&ask, &branch, "import").await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&work)))
}

/// The work that the path names, of the sort that this path is about.
pub(crate) async fn named(
    ask: &Ask,
    branch: &doorward_core::Branch,
    parameter: &str,
) -> Result<Work, Problem> {
    let id = WorkId::parse(ask.parameter(parameter)).ok_or_else(|| Problem::of(Code::NotFound))?;
    let work = works::find(&ask.core, &ask.bearer.actor, branch, id).await?;
    let is_meant = work.kind.is_export() == (parameter == "export");
    if is_meant { Ok(work) } else { Err(Problem::of(Code::NotFound)) }
}

async fn start(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let id = named(&ask, &branch, "import").await?.id;
    let work = works::start(&ask.core, &ask.caller, &ask.bearer.actor, &branch, id).await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&work)))
}

async fn cancel(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let id = named(&ask, &branch, "import").await?.id;
    let work = works::cancel(&ask.core, &ask.caller, &ask.bearer.actor, &branch, id).await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&work)))
}

async fn refused(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let id = named(&ask, &branch, "import").await?.id;
    let after = wanted.place.as_deref().map_or(Ok(0), line)?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let found = works::refused(core, actor, &branch, id, after, wanted.rows).await?;
    let next = found.next.map(|line| cursor::write(core, &wanted.list, &line.to_be_bytes()));
    Ok(crate::answer::page(&found.items.iter().map(Line::from).collect::<Vec<_>>(), next))
}

fn line(bytes: &[u8]) -> Result<i64, Problem> {
    bytes.try_into().map(i64::from_be_bytes).map_err(|_| Problem::other_list())
}

fn place(bytes: &[u8]) -> Result<WorkId, Problem> {
    Uuid::from_slice(bytes).map(WorkId::new).map_err(|_| Problem::other_list())
}
