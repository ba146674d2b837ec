//! How far the mails of a pool got, and trying one again now.

use super::frame::{Frame, Part};
use super::tenant::reached;
use super::trouble::{Page, mendable, status};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::mails::{self, Seen};
use doorward_core::{Branch, Error};
use doorward_model::{MailId, MailState, TenantId};

/// Rows of a page.
const ROWS: usize = 50;

struct Row {
    id: MailId,
    kind: String,
    state: MailState,
    made: When,
    next: Option<When>,
    settled: Option<When>,
    attempts: i64,
    error: String,
}

impl Row {
    fn of(it: &Seen) -> Self {
        Self {
            id: it.id,
            kind: it.kind.replace('_', " "),
            state: it.state,
            made: when(it.created_at),
            next: Some(it.due_at).filter(|_| it.state == MailState::Queued).map(when),
            settled: it.settled_at.map(when),
            attempts: it.attempts,
            error: it.last_error.clone().unwrap_or_default(),
        }
    }

    fn is_waiting(&self) -> bool {
        self.state == MailState::Queued
    }

    fn is_lost(&self) -> bool {
        self.state == MailState::Failed
    }
}

#[derive(Template)]
#[template(path = "console/mails.html")]
struct List {
    frame: Frame,
    tenant: TenantId,
    rows: Vec<Row>,
    next: Option<MailId>,
    state: &'static str,
    problem: Option<String>,
}

pub(crate) async fn list(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    if branch.parent().is_some() {
        // A mail belongs to the whole tree: there they are, for those who administer it.
        return Ok(see_other(&format!("/console/tenants/{}/mails", branch.root().id)));
    }
    let state = viewing.text("state").and_then(MailState::parse);
    let before = viewing.text("before").and_then(MailId::parse);
    shown(&viewing.visit, &branch, state, before, viewing.text("done"), None).await
}

async fn shown(
    visit: &Visit,
    branch: &Branch,
    state: Option<MailState>,
    before: Option<MailId>,
    done: Option<&str>,
    problem: Option<String>,
) -> Page {
    let found = mails::list(&visit.core, &visit.actor(), branch, state, before, ROWS).await?;
    let list = List {
        frame: Frame::at(visit, branch, Part::Mails, "Mails").saying(done),
        tenant: branch.tenant().id,
        rows: found.items.iter().map(Row::of).collect(),
        next: found.next,
        state: state.map_or("", MailState::as_str),
        problem,
    };
    Ok(render(status(&list.problem), &list))
}

pub(crate) async fn try_again(Path(id): Path<String>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let branch = reached(visit, &id).await?;
    let mail = MailId::parse(posted.text("mail")).ok_or(Error::NotFound)?;
    let state = MailState::parse(posted.text("state"));
    match mails::try_again(&visit.core, &visit.caller, &visit.actor(), &branch, mail).await {
        Ok(_) => {
            let list = format!("/console/tenants/{}/mails", branch.tenant().id);
            Ok(see_other(&format!("{list}?done=retried&state={}", state.map_or("", MailState::as_str))))
        }
        Err(error) => shown(visit, &branch, state, None, None, Some(mendable(error)?)).await,
    }
}
