//! The first page: what the visitor looks after.

use super::chart::{Bars, Columns};
use super::frame::{Frame, Room};
use super::trouble::{Page, Trouble};
use crate::frame::render;
use crate::pages::Pages;
use crate::visit::{Viewing, see_other};
use askama::Template;
use axum::extract::State;
use doorward_core::Actor;
use doorward_core::browser::Visitor;
use doorward_core::usage::{self, Count, Window};
use doorward_core::{outbox, pulse, tenants};
use doorward_web::StatusCode;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Overview {
    frame: Frame,
    tenants: Vec<(String, String)>,
    /// Whether there is no tenant at all: what to do first.
    is_new: bool,
    /// Where sign-ins are counted: everywhere, or at one tenant and below it.
    place: String,
    doors: Option<Bars>,
    days: Option<Columns>,
    live: String,
    /// For a tenant's administrators: who still uses what there.
    usage: Option<String>,
    /// For operators alone.
    node: Option<Node>,
}

/// How this node does: a sentence of now, and the last hour as a picture, if there was something to draw.
struct Node {
    sessions: Option<Columns>,
    hashing: String,
    hashes: Option<Columns>,
    waiting: String,
    mails: Option<Columns>,
}

/// Tenants that are shown here; the list has all of them.
const SHOWN: usize = 12;

pub(crate) async fn show(State(pages): State<Pages>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let (node, branch) = match &visit.visitor {
        Visitor::Operator(_) => (Some(node(&pages, &visit.actor()).await?), None),
        Visitor::Person(identity)
            if identity.role_at(&identity.branch).is_some_and(doorward_model::Role::administers) =>
        {
            (None, Some(&identity.branch))
        }
        Visitor::Person(_) => return Ok(see_other("/account")),
    };
    let (core, actor) = (&visit.core, visit.actor());
    let sign_ins = usage::sign_ins(core, &actor, branch, Window::Month).await?;
    let live = usage::live_sessions(core, &actor, branch).await?;
    let tops = tenants::list_tops(&visit.core, &visit.actor(), 0, SHOWN).await?;
    let overview = Overview {
        frame: Frame::of(visit, Room::Overview, "Overview"),
        is_new: tops.is_empty(),
        tenants: tops
            .iter()
            .map(|it| (format!("/console/tenants/{}", it.tenant().id), it.tenant().display_name.clone()))
            .collect(),
        place: branch.map_or_else(
            || "On all nodes in the last 30 days.".to_owned(),
            |branch| format!("At {} and below it in the last 30 days.", branch.tenant().display_name),
        ),
        doors: Bars::of_doors(&sign_ins.doors),
        days: Columns::of_sign_ins(&sign_ins.days),
        live: match live {
            Count { counted: 1, is_more: false } => "One session is alive.".to_owned(),
            Count { counted, is_more: false } => format!("{counted} sessions are alive."),
            Count { counted, is_more: true } => format!("More than {counted} sessions are alive."),
        },
        usage: branch.map(|branch| format!("/console/tenants/{}/usage", branch.tenant().id)),
        node,
    };
    Ok(render(StatusCode::OK, &overview))
}

async fn node(pages: &Pages, actor: &Actor) -> Result<Node, Trouble> {
    let (core, stats) = (&pages.core, pages.core.hashes().stats());
    let beats = pulse::beats(core, actor).await?;
    let waiting = match outbox::oldest_waiting(core).await? {
        None => "None waits.".to_owned(),
        Some(waits) => format!("The oldest has waited for {} seconds.", waits.as_secs()),
    };
    Ok(Node {
        sessions: Columns::of_sessions(&beats),
        hashing: format!(
            "{} at work on {} threads of this node, {} waiting, {} refused because the queue was full.",
            stats.running, stats.threads, stats.waiting, stats.refused
        ),
        hashes: Columns::of_hashes(&beats),
        waiting,
        mails: Columns::of_mails(&beats),
    })
}
