//! What a tenant decides for itself and everything below it; changing it is `change.rs`, how values are put into words and read
//! out of a form `words.rs`.

mod change;
mod words;

pub(crate) use change::{edit, save};

use super::frame::{Frame, Part};
use super::tenant::reached;
use super::trouble::Page;
use crate::frame::render;
use crate::visit::Viewing;
use askama::Template;
use axum::extract::Path;
use doorward_core::tenants::{self, Origin, PolicyEntry};
use doorward_model::TenantId;
use doorward_web::StatusCode;
use words::{LABELS, shown};

/// What a value is called, if it is one.
fn label(name: &str) -> Option<&'static str> {
    LABELS.iter().find(|it| it.name == name).map(|it| it.label)
}

/// A value that holds.
struct Row {
    label: &'static str,
    /// A line each.
    value: Vec<String>,
    source: String,
    is_own: bool,
}

impl Row {
    fn of(entry: &PolicyEntry) -> Self {
        Self {
            label: self::label(entry.name).unwrap_or(entry.name),
            value: shown(entry.name, &entry.value),
            source: source(&entry.origin),
            is_own: entry.origin == Origin::Own,
        }
    }
}

/// Where a value comes from.
pub(super) fn source(origin: &Origin) -> String {
    match origin {
        Origin::Usual => "as usual".to_owned(),
        Origin::Own => "decided here".to_owned(),
        Origin::Inherited(from) => format!("as {} decided", from.display_name),
    }
}

#[derive(Template)]
#[template(path = "console/policy.html")]
struct Policy {
    frame: Frame,
    tenant: TenantId,
    rows: Vec<Row>,
}

pub(crate) async fn show(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let entries = tenants::effective_policy(&visit.actor(), &branch)?;
    let policy = Policy {
        frame: Frame::at(visit, &branch, Part::Policy, "Policy").saying(viewing.text("done")),
        tenant: branch.tenant().id,
        rows: entries.iter().map(Row::of).collect(),
    };
    Ok(render(StatusCode::OK, &policy))
}
