//! The first page: what the visitor looks after.

use super::chart::Chart;
use super::frame::{Frame, Room};
use super::trouble::{Page, Trouble};
use crate::frame::render;
use crate::pages::Pages;
use crate::visit::{Viewing, see_other};
use askama::Template;
use axum::extract::State;
use doorward_core::browser::Visitor;
use doorward_core::{outbox, tenants};
use doorward_web::StatusCode;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Overview {
    frame: Frame,
    tenants: Vec<(String, String)>,
    /// Whether there is no tenant at all: what to do first.
    is_new: bool,
    /// For operators alone.
    node: Option<Node>,
}

/// How this node does.
struct Node {
    chart: Option<Chart>,
    hashing: String,
    mails: String,
}

/// Tenants that are shown here; the list has all of them.
const SHOWN: usize = 12;

pub(crate) async fn show(State(pages): State<Pages>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let node = match &visit.visitor {
        Visitor::Operator(_) => Some(node(&pages).await?),
        Visitor::Person(identity)
            if identity.role_at(&identity.branch).is_some_and(doorward_model::Role::administers) =>
        {
            None
        }
        Visitor::Person(_) => return Ok(see_other("/account")),
    };
    let tops = tenants::list_tops(&visit.core, &visit.actor(), 0, SHOWN).await?;
    let overview = Overview {
        frame: Frame::of(visit, Room::Overview, "Overview"),
        is_new: tops.is_empty(),
        tenants: tops
            .iter()
            .map(|it| (format!("/console/tenants/{}", it.tenant().id), it.tenant().display_name.clone()))
            .collect(),
        node,
    };
    Ok(render(StatusCode::OK, &overview))
}

async fn node(pages: &Pages) -> Result<Node, Trouble> {
    let (core, stats) = (&pages.core, pages.core.hashes().stats());
    let mut doors: Vec<_> = core.doors().iter().cloned().collect();
    doors.sort_by(|a, b| a.name.cmp(&b.name));
    let mails = match outbox::oldest_waiting(core).await? {
        None => "None waits.".to_owned(),
        Some(waits) => format!("The oldest has waited for {} seconds.", waits.as_secs()),
    };
    Ok(Node {
        chart: Chart::of(&pages.metrics, &doors),
        hashing: format!(
            "{} at work on {} threads, {} waiting, {} refused because the queue was full.",
            stats.running, stats.threads, stats.waiting, stats.refused
        ),
        mails,
    })
}
