//! Who is signed in at a tenant and below it, and signing them out.

use super::frame::{Frame, Part};
use super::tenant::reached;
use super::trouble::Page;
use super::when::{When, when};
use super::whence::whence;
use crate::frame::render;
use crate::visit::{Posted, Viewing, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::sessions::{self, Open, Whose};
use doorward_core::{Core, Error};
use doorward_model::{PersonId, SessionId, TenantId};
use doorward_web::StatusCode;

/// Rows of a page.
const ROWS: usize = 50;

struct Row {
    id: SessionId,
    person: PersonId,
    person_href: String,
    name: String,
    tenant: String,
    way: String,
    address: String,
    signed_in: When,
    last_used: When,
}

impl Row {
    fn of(core: &Core, it: &Open) -> Self {
        let session = &it.session;
        let by = it.door.clone().or_else(|| it.application.clone());
        Self {
            id: session.id,
            person: session.person,
            person_href: format!("/console/tenants/{}/people/{}", session.tenant, session.person),
            name: it.person.clone().unwrap_or_else(|| session.person.to_string()),
            tenant: it.tenant.clone().unwrap_or_default(),
            way: by.unwrap_or_else(|| "Doorward's own pages".to_owned()),
            address: whence(core, session.address),
            signed_in: when(session.signed_in_at),
            last_used: when(session.last_used_at),
        }
    }
}

#[derive(Template)]
#[template(path = "console/sessions.html")]
struct List {
    frame: Frame,
    tenant: TenantId,
    rows: Vec<Row>,
    next: Option<SessionId>,
}

pub(crate) async fn list(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let before = viewing.text("before").and_then(SessionId::parse);
    let found = sessions::list_at(&visit.core, &visit.actor(), &branch, before, ROWS).await?;
    let list = List {
        frame: Frame::at(visit, &branch, Part::Sessions, "Signed in now").saying(viewing.text("done")),
        tenant: branch.tenant().id,
        rows: found.items.iter().map(|it| Row::of(&visit.core, it)).collect(),
        next: found.next,
    };
    Ok(render(StatusCode::OK, &list))
}

/// Ends one. Whoever it was can sign in again, so nobody is asked twice.
pub(crate) async fn end(Path(id): Path<String>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let branch = reached(visit, &id).await?;
    let person = PersonId::parse(posted.text("person")).ok_or(Error::NotFound)?;
    let session = SessionId::parse(posted.text("session")).ok_or(Error::NotFound)?;
    let whose = Whose::Of { actor: &visit.actor(), branch: &branch, person };
    match sessions::end(&visit.core, &visit.caller, whose, session).await {
        // It ended meanwhile, which is what was asked for.
        Ok(()) | Err(Error::NotFound) => {}
        Err(other) => return Err(other.into()),
    }
    Ok(see_other(&format!("/console/tenants/{}/sessions?done=ended", branch.tenant().id)))
}
