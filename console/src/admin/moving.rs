//! Moving a tenant, with everything below it, under another of its tree.

use super::frame::{Frame, Part};
use super::prove::proven;
use super::tenant::reached;
use super::trouble::{Page, status};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::tenants;
use doorward_core::{Branch, Error, Result};
use doorward_model::{TenantId, TenantStatus};
use doorward_web::Response;

/// Places that are offered; whoever has more types the short name.
const OFFERED: usize = 200;

#[derive(Template)]
#[template(path = "console/move_tenant.html")]
struct Move<'a> {
    frame: Frame,
    id: TenantId,
    name: &'a str,
    /// Where it may go: short names and names.
    places: Vec<(String, String)>,
    to: &'a str,
    problem: Option<String>,
}

/// The highest tenant above that the visitor administers: everything below it is theirs to arrange.
async fn top(visit: &Visit, branch: &Branch) -> Result<Branch> {
    for node in branch.nodes() {
        match tenants::administered(&visit.core, &visit.actor(), node.id).await {
            Ok(top) => return Ok(top),
            Err(Error::NotFound | Error::NotAllowed) => {}
            Err(other) => return Err(other),
        }
    }
    Err(Error::NotFound)
}

async fn form(visit: &Visit, branch: &Branch, to: &str, problem: Option<String>) -> Page {
    let top = top(visit, branch).await?;
    let nodes = tenants::list_subtree(&visit.core, &top).await?;
    let moved = tenants::list_subtree(&visit.core, branch).await?;
    let is_place = |node: &&doorward_model::Tenant| {
        let is_moved = moved.iter().any(|it| it.id == node.id);
        node.status == TenantStatus::Active && !is_moved && Some(node.id) != branch.parent().map(|it| it.id)
    };
    let places = nodes.iter().filter(is_place).take(OFFERED);
    let asked = Move {
        frame: Frame::at(visit, branch, Part::About, format!("Move {}", branch.tenant().display_name)),
        id: branch.tenant().id,
        name: &branch.tenant().display_name,
        places: places.map(|it| (it.slug.to_string(), it.display_name.clone())).collect(),
        to,
        problem,
    };
    Ok(render(status(&asked.problem), &asked))
}

pub(crate) async fn ask(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    form(&viewing.visit, &branch, "", None).await
}

pub(crate) async fn move_there(Path(id): Path<String>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let to = posted.text("to");
    proven!(&posted, |visit, problem| form(visit, &branch, to, problem).await, |visit| {
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let parent = tenants::administered_by_slug(core, &actor, branch.pool(), to).await?;
        tenants::move_under(core, caller, &actor, &branch, &parent).await?;
        Ok::<Response, Error>(see_other(&format!("/console/tenants/{}?done=moved", branch.tenant().id)))
    })
}
