//! Long work: a tenant's, everybody's for operators, and a page for each, which is left and found again.
//!
//! `begin.rs` is where imports and exports are begun; `told.rs` says in words how one stands.

mod begin;
mod told;

pub(crate) use begin::{begin_export, check, import};
use told::{Told, told};

use super::frame::{Frame, Part, Room};
use super::prove::proven;
use super::tenant::reached;
use super::trouble::{Page, mendable, status};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::works::{self, Refused};
use doorward_core::{Branch, Error, tenants};
use doorward_model::{TenantId, Work, WorkId, WorkKind};
use doorward_web::export::{self, Format};
use doorward_web::reply::Reply as _;
use doorward_web::{Response, StatusCode};
use http::header;
use std::collections::BTreeMap;

/// Rows of a page.
const ROWS: usize = 50;
/// Lines read at once for a file.
const ROWS_OF_FILE: usize = 500;
/// After how many seconds the page of a work that goes on is asked for again: soon enough to see it move, seldom enough to read.
const REFRESH: u32 = 5;

struct Row {
    href: String,
    /// At which tenant, where that is not said already.
    tenant: String,
    told: Told,
}

#[derive(Template)]
#[template(path = "console/works.html")]
struct List {
    frame: Frame,
    /// `None` for everybody's.
    tenant: Option<TenantId>,
    rows: Vec<Row>,
    next: Option<String>,
}

pub(crate) async fn of_tenant(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let before = viewing.text("before").and_then(WorkId::parse);
    let found = works::list(&visit.core, &visit.actor(), &branch, &WorkKind::ALL, before, ROWS).await?;
    let here = format!("/console/tenants/{}/works", branch.tenant().id);
    let row =
        |work: &Work| Row { href: format!("{here}/{}", work.id), tenant: String::new(), told: told(work) };
    let list = List {
        frame: Frame::at(visit, &branch, Part::Works, "Imports and exports").saying(viewing.text("done")),
        tenant: Some(branch.tenant().id),
        rows: found.items.iter().map(row).collect(),
        next: found.next.map(|next| format!("{here}?before={next}")),
    };
    Ok(render(StatusCode::OK, &list))
}

pub(crate) async fn of_all(viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let before = viewing.text("before").and_then(WorkId::parse);
    let found = works::list_all(&visit.core, &visit.actor(), before, ROWS).await?;
    let (mut names, mut rows) = (BTreeMap::new(), Vec::new());
    for work in &found.items {
        let known = match names.get(&work.tenant).cloned() {
            Some(known) => known,
            None => name(visit, work.tenant).await?,
        };
        names.insert(work.tenant, known.clone());
        // A tenant that is gone has no pages any more.
        let href = known.as_ref().map(|_| format!("/console/tenants/{}/works/{}", work.tenant, work.id));
        rows.push(Row {
            href: href.unwrap_or_default(),
            tenant: known.unwrap_or_else(|| "a tenant that is gone".to_owned()),
            told: told(work),
        });
    }
    let list = List {
        frame: Frame::of(visit, Room::Works, "Imports and exports"),
        tenant: None,
        rows,
        next: found.next.map(|next| format!("/console/works?before={next}")),
    };
    Ok(render(StatusCode::OK, &list))
}

async fn name(visit: &Visit, tenant: TenantId) -> Result<Option<String>, Error> {
    match tenants::administered(&visit.core, &visit.actor(), tenant).await {
        Ok(branch) => Ok(Some(branch.tenant().display_name.clone())),
        Err(Error::NotFound) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// A line that cannot be done.
struct Line {
    number: i64,
    email: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "console/work.html")]
struct One {
    frame: Frame,
    here: String,
    told: Told,
    /// Whether the page asks for itself again.
    refreshes: bool,
    lines: Vec<Line>,
    /// The address of the next lines.
    more: Option<String>,
    problem: Option<String>,
}

pub(crate) async fn show(Path((id, work)): Path<(String, String)>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let work = WorkId::parse(&work).ok_or(Error::NotFound)?;
    let after = viewing.read("after").unwrap_or(0);
    let is_still = viewing.text("still").is_some();
    page(visit, &branch, work, after, (is_still, viewing.text("done")), None).await
}

async fn page(
    visit: &Visit,
    branch: &Branch,
    id: WorkId,
    after: i64,
    (is_still, done): (bool, Option<&str>),
    problem: Option<String>,
) -> Page {
    let (core, actor) = (&visit.core, visit.actor());
    let work = works::find(core, &actor, branch, id).await?;
    let found = works::refused(core, &actor, branch, id, after, ROWS).await?;
    let here = format!("/console/tenants/{}/works/{id}", branch.tenant().id);
    let line = |Refused { line, reason }: &Refused| Line {
        number: line.number,
        email: line.cell("email").to_owned(),
        reason: reason.clone(),
    };
    let told = told(&work);
    // Whoever reads on in the lines is not sent back to their beginning.
    let refreshes = told.is_running() && !is_still && after == 0 && problem.is_none();
    let one = One {
        frame: Frame::at(visit, branch, Part::Works, told.title).saying(done),
        told,
        refreshes,
        lines: found.items.iter().map(line).collect(),
        more: found.next.map(|after| format!("{here}?after={after}#lines")),
        here,
        problem,
    };
    let answer = render(status(&one.problem), &one);
    // Without a script, and so that it can be turned off (WCAG 2.2.1, 2.2.4).
    // To the page itself, where no word of what was just done stands any more.
    let again = format!("{REFRESH};url={}", one.here);
    Ok(if one.refreshes { answer.with_header(header::REFRESH, &again) } else { answer })
}

/// Starts an import that was looked through. It makes people, so whoever does it proves that it is them.
pub(crate) async fn start(Path((id, work)): Path<(String, String)>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let work = WorkId::parse(&work).ok_or(Error::NotFound)?;
    proven!(&posted, |visit, problem| page(visit, &branch, work, 0, (true, None), problem).await, |visit| {
        works::start(&visit.core, &visit.caller, &visit.actor(), &branch, work).await?;
        Ok(see_other(&format!("/console/tenants/{}/works/{work}?done=begun", branch.tenant().id)))
    })
}

pub(crate) async fn cancel(Path((id, work)): Path<(String, String)>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let branch = reached(visit, &id).await?;
    let work = WorkId::parse(&work).ok_or(Error::NotFound)?;
    match works::cancel(&visit.core, &visit.caller, &visit.actor(), &branch, work).await {
        Ok(_) => {
            Ok(see_other(&format!("/console/tenants/{}/works/{work}?done=canceled", branch.tenant().id)))
        }
        Err(error) => page(visit, &branch, work, 0, (true, None), Some(mendable(error)?)).await,
    }
}

/// The lines that cannot be done with their reasons, in the form in which they are sent again once they are mended.
pub(crate) async fn refused(Path((id, work)): Path<(String, String)>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let work = WorkId::parse(&work).ok_or(Error::NotFound)?;
    let (core, actor) = (visit.core.clone(), visit.actor());
    let read = move |after: Option<i64>| {
        let (core, actor, branch) = (core.clone(), actor.clone(), branch.clone());
        async move {
            let after = after.unwrap_or(0);
            let found = works::refused(&core, &actor, &branch, work, after, ROWS_OF_FILE).await?;
            Ok(found.map(|it| it.line.cells.into_iter().map(Some).collect()))
        }
    };
    Ok(export::file("refused", Format::SpreadsheetCsv, &works::COLUMNS, read).await?)
}

pub(crate) async fn file(
    Path((id, work, format)): Path<(String, String, String)>,
    viewing: Viewing,
) -> Result<Response, super::Trouble> {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let work = WorkId::parse(&work).ok_or(Error::NotFound)?;
    let format = Format::parse(&format).map(Format::for_people).ok_or(Error::NotFound)?;
    let (core, actor) = (visit.core.clone(), visit.actor());
    let kind = works::find(&core, &actor, &branch, work).await?.kind;
    let at = branch.clone();
    let read = move |from: Option<i64>| {
        let (core, actor, branch) = (core.clone(), actor.clone(), at.clone());
        async move { works::rows(&core, &actor, &branch, work, from).await }
    };
    let name = told::file_name(kind);
    let file = export::file(name, format, works::columns(kind), read).await?;
    let what = format!("{name}, made before");
    works::tell_taken(&visit.core, &visit.caller, &visit.actor(), Some(&branch), &what).await?;
    Ok(file)
}
