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
use std::collections::VecDeque;

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

/// The nearest to the top first; below what is moved nothing can be.
async fn places(visit: &Visit, branch: &Branch) -> Result<Vec<(String, String)>> {
    let (mut places, mut next) = (Vec::new(), VecDeque::from([top(visit, branch).await?]));
    while let Some(node) = next.pop_front() {
        let tenant = node.tenant();
        if tenant.id == branch.tenant().id {
            continue;
        }
        if tenant.status == TenantStatus::Active && Some(tenant.id) != branch.parent().map(|it| it.id) {
            places.push((tenant.slug.to_string(), tenant.display_name.clone()));
        }
        let room = OFFERED.saturating_sub(places.len() + next.len());
        if room > 0 {
            next.extend(tenants::list_children_after(&visit.core, &visit.actor(), &node, 0, room).await?);
        }
    }
    Ok(places)
}

async fn form(visit: &Visit, branch: &Branch, to: &str, problem: Option<String>) -> Page {
    let places = places(visit, branch).await?;
    let asked = Move {
        frame: Frame::at(visit, branch, Part::About, format!("Move {}", branch.tenant().display_name)),
        id: branch.tenant().id,
        name: &branch.tenant().display_name,
        places,
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
