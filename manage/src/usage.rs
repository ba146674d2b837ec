//! Who still uses what: doors, applications, kinds of passwords and keys, with the people who block their retirement.
//! `everywhere.rs` is a door in the whole installation.

mod everywhere;
mod shapes;

use crate::answer;
use crate::ask::Ask;
use crate::endpoint::{Endpoint, Handler};
use crate::export::{self, EXPORT, FORMAT};
use crate::problem::{Code, Problem};
use crate::schema::{CURSOR, LIMIT, Parameter, Shape, TENANT, page, text};
use crate::token::Again;
use doorward_core::manage::Scope;
use doorward_core::usage::{self, Place, Window};
use doorward_core::{Error, cursor, works};
use doorward_model::{Sort, Thing};
use doorward_web::{Fields, Response, StatusCode, reply};
use http::Method;
use shapes::{Detail, OnDay, Shown, User, sorts, windows};
use std::sync::Arc;

pub(crate) use everywhere::TREE;
pub(crate) const SEEN: Shape = Shape { name: "Usage", schema: Shown::schema };
pub(crate) const DAY: Shape = Shape { name: "UsageDay", schema: OnDay::schema };
pub(crate) const USER: Shape = Shape { name: "UsagePerson", schema: User::schema };
const PAGE: Shape = Shape { name: "UsagePage", schema: || page("Usage") };
const DETAIL: Shape = Shape { name: "UsageDetail", schema: Detail::schema };
const USERS: Shape = Shape { name: "UsagePersonPage", schema: || page("UsagePerson") };

const SORT: Parameter = Parameter { name: "sort", place: "path", doc: "Which sort of things", schema: sorts };
const THING: Parameter = Parameter {
    name: "thing",
    place: "path",
    doc: "The thing's id; a kind of password's is its text, like `argon2id$v=19$m=19456,t=2,p=1`",
    schema: text,
};
const DAYS: Parameter = Parameter {
    name: "days",
    place: "query",
    doc: "How far back \"still\" reaches; 30 unless said",
    schema: windows,
};

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let mut all = vec![
        endpoint(
            "/tenants/{id}/usage/{sort}",
            "listUsage",
            "Things at a tenant and below it, whether anybody still uses them, and whether they can be retired",
            &[TENANT, SORT, DAYS, LIMIT, CURSOR],
            PAGE,
            |ask| Box::pin(list(ask)),
        ),
        endpoint(
            "/tenants/{id}/usage/{sort}/export",
            "exportUsage",
            "The same as a file, to its end",
            &[TENANT, SORT, DAYS, FORMAT],
            EXPORT,
            |ask| Box::pin(download(ask)),
        ),
        endpoint(
            "/tenants/{id}/usage/{sort}/{thing}",
            "getUsage",
            "One of them, with every day",
            &[TENANT, SORT, THING, DAYS],
            DETAIL,
            |ask| Box::pin(get(ask)),
        ),
        endpoint(
            "/tenants/{id}/usage/{sort}/{thing}/people",
            "listUsagePeople",
            "The people who block its retirement: who used a door or an application, the latest first; who has a password of \
             a kind, whether they come or not; whom a key stands for. A page may be short, or empty, and still have a `next`",
            &[TENANT, SORT, THING, DAYS, LIMIT, CURSOR],
            USERS,
            |ask| Box::pin(people(ask)),
        ),
        endpoint(
            "/tenants/{id}/usage/{sort}/{thing}/people/export",
            "exportUsagePeople",
            "The same as a file, to its end",
            &[TENANT, SORT, THING, DAYS, FORMAT],
            EXPORT,
            |ask| Box::pin(download_people(ask)),
        ),
    ];
    all.extend(everywhere::endpoints());
    all
}

/// One of them: all of them read.
fn endpoint(
    path: &'static str,
    name: &'static str,
    doc: &'static str,
    parameters: &'static [Parameter],
    answer: Shape,
    handler: Handler,
) -> Endpoint {
    Endpoint {
        method: Method::GET,
        path,
        scope: Scope::UsageRead,
        name,
        tag: "Usage",
        doc,
        parameters,
        body: None,
        status: StatusCode::OK,
        answer,
        handler,
    }
}

fn sort(ask: &Ask) -> Result<Sort, Problem> {
    Sort::parse(ask.parameter("sort")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn thing(ask: &Ask) -> Result<Thing, Problem> {
    Thing::parse(sort(ask)?, ask.parameter("thing")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn window(query: &Fields) -> Result<Window, Problem> {
    let words = Window::ALL.map(Window::as_str).join(", ");
    let refused = || Problem::of(Code::Invalid).field("days", format!("expected one of {words}"));
    query.text("days")?.map_or(Ok(Window::default()), |word| Window::parse(word).ok_or_else(refused))
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let (branch, sort) = (ask.tenant().await?, sort(&ask)?);
    let query = ask.query(&["days", "limit", "cursor"])?;
    let window = window(&query)?;
    let wanted = ask.wanted(&query, window.as_str())?;
    let (after, core) = (ask.after(&wanted)?, &ask.core);
    let after = Some(after).filter(|after| !after.is_nil());
    let found = usage::list(core, &ask.bearer.actor, &branch, (sort, window), after, wanted.rows).await?;
    let next = found.next.map(|id| cursor::write(core, &wanted.list, id.as_bytes()));
    let items: Vec<Shown> = found.items.iter().map(|seen| Shown::of(seen, window)).collect();
    Ok(answer::page(&items, next))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let (branch, thing) = (ask.tenant().await?, thing(&ask)?);
    let window = window(&ask.query(&["days"])?)?;
    let found = usage::one(&ask.core, &ask.bearer.actor, &branch, &thing, window).await?;
    Ok(reply::json(StatusCode::OK, &Detail::of(&found, window)))
}

async fn people(ask: Ask) -> Result<Response, Problem> {
    let (branch, thing) = (ask.tenant().await?, thing(&ask)?);
    let query = ask.query(&["days", "limit", "cursor"])?;
    let window = window(&query)?;
    let wanted = ask.wanted(&query, window.as_str())?;
    let after =
        wanted.place.as_deref().map(|bytes| Place::of(bytes).ok_or_else(Problem::other_list)).transpose()?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let found = usage::people(core, actor, &branch, (&thing, window), after, wanted.rows).await?;
    let next = found.next.map(|place| cursor::write(core, &wanted.list, &place.bytes()));
    let items: Vec<User> = found.items.iter().map(User::from).collect();
    Ok(answer::page(&items, next))
}

async fn download(ask: Ask) -> Result<Response, Problem> {
    let (branch, sort) = (ask.tenant().await?, sort(&ask)?);
    let query = ask.query(&["days", "format"])?;
    let (window, format) = (window(&query)?, export::format(&query)?);
    let again = Arc::new(Again::of(&ask, Scope::UsageRead, Some(&branch))?);
    let core = ask.core.clone();
    let at = branch;
    let read = move |place: Option<usage::Row>| {
        let (core, again) = (core.clone(), Arc::clone(&again));
        async move {
            let (actor, branch) = again.admit().await?;
            let branch = branch.ok_or(Error::NotFound)?;
            usage::table(&core, &actor, &branch, (Some(sort), window), place, export::ROWS).await
        }
    };
    let file = doorward_web::export::file("usage", format, usage::COLUMNS, read).await?;
    works::tell_taken(&ask.core, &ask.caller, &ask.bearer.actor, Some(&at), "usage, directly").await?;
    Ok(file)
}

async fn download_people(ask: Ask) -> Result<Response, Problem> {
    let (branch, thing) = (ask.tenant().await?, thing(&ask)?);
    let query = ask.query(&["days", "format"])?;
    let (window, format) = (window(&query)?, export::format(&query)?);
    let again = Arc::new(Again::of(&ask, Scope::UsageRead, Some(&branch))?);
    let core = ask.core.clone();
    let at = branch;
    let read = move |place: Option<Place>| {
        let (core, again, thing) = (core.clone(), Arc::clone(&again), thing.clone());
        async move {
            let (actor, branch) = again.admit().await?;
            let branch = branch.ok_or(Error::NotFound)?;
            let found = usage::people(&core, &actor, &branch, (&thing, window), place, export::ROWS).await?;
            Ok(found.map(|it| usage::people_cells(&it)))
        }
    };
    let file = doorward_web::export::file("usage-people", format, usage::PEOPLE_COLUMNS, read).await?;
    let what = "usage people, directly";
    works::tell_taken(&ask.core, &ask.caller, &ask.bearer.actor, Some(&at), what).await?;
    Ok(file)
}
