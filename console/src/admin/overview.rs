//! The first page: what the visitor looks after.

use super::frame::{Frame, Room};
use super::trouble::Page;
use crate::frame::render;
use crate::visit::{Viewing, see_other};
use askama::Template;
use doorward_core::browser::Visitor;
use doorward_core::tenants;
use doorward_web::StatusCode;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Overview {
    frame: Frame,
    tenants: Vec<(String, String)>,
    /// Whether there is no tenant at all: what to do first.
    is_new: bool,
}

/// Tenants that are shown here; the list has all of them.
const SHOWN: usize = 12;

pub(crate) async fn show(viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    if let Visitor::Person(identity) = &visit.visitor
        && !identity.role_at(&identity.branch).is_some_and(doorward_model::Role::administers)
    {
        return Ok(see_other("/account"));
    }
    let tops = tenants::list_tops(&visit.core, &visit.actor(), 0, SHOWN).await?;
    let overview = Overview {
        frame: Frame::of(visit, Room::Overview, "Overview"),
        is_new: tops.is_empty(),
        tenants: tops
            .iter()
            .map(|it| (format!("/console/tenants/{}", it.tenant().id), it.tenant().display_name.clone()))
            .collect(),
    };
    Ok(render(StatusCode::OK, &overview))
}
