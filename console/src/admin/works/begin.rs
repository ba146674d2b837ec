//! Beginning imports and exports.

use super::told::grouped;
use crate::admin::Trouble;
use crate::admin::events::filter;
use crate::admin::frame::{Frame, Part};
use crate::admin::once;
use crate::admin::tenant::reached;
use crate::admin::trouble::{Page, mendable, status};
use crate::frame::render;
use crate::visit::{Posted, Uploaded, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::once::Done;
use doorward_core::works::{self, COLUMNS, Export, IMPORT_LINES, Import};
use doorward_core::{Branch, Error};
use doorward_model::{TenantId, TermsId};
use doorward_web::{Response, limits, table};

#[derive(Template)]
#[template(path = "console/import.html")]
struct Form {
    frame: Frame,
    tenant: TenantId,
    columns: String,
    lines: String,
    mebibytes: usize,
    invites: bool,
    problem: Option<String>,
}

fn form(visit: &Visit, branch: &Branch, invites: bool, problem: Option<String>) -> Response {
    let status = status(&problem);
    let form = Form {
        frame: Frame::at(visit, branch, Part::Works, "Import people"),
        tenant: branch.tenant().id,
        columns: COLUMNS.join(", "),
        lines: grouped(i64::try_from(IMPORT_LINES).unwrap_or(i64::MAX)),
        mebibytes: limits::TABLE_BYTES / (1024 * 1024),
        invites,
        problem,
    };
    render(status, &form)
}

pub(crate) async fn import(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    Ok(form(&viewing.visit, &branch, false, None))
}

/// Looks a file through. Nothing is written before somebody has seen what would be.
pub(crate) async fn check(Path(id): Path<String>, uploaded: Uploaded) -> Page {
    let visit = &uploaded.visit;
    let branch = reached(visit, &id).await?;
    let invite = uploaded.upload.fields.text("invite").ok().flatten().is_some();
    let checked = async {
        let sheet = table::read(&uploaded.upload.file).map_err(|why| Error::invalid("file", why))?;
        let import = Import { sheet, invite, only_check: true };
        works::import(
            &visit.core,
            &visit.caller,
            &visit.actor(),
            &branch,
            import,
            once::of_upload(&uploaded, &["invite"]),
        )
        .await
    };
    match checked.await {
        Ok(Done::Now(work)) => Ok(see_other(&at(&branch, &work.id.to_string()))),
        Ok(Done::Before(id)) => Ok(see_other(&at(&branch, &id.to_string()))),
        Err(error) => Ok(form(visit, &branch, invite, Some(mendable(error)?))),
    }
}

fn at(branch: &Branch, work: &str) -> String {
    format!("/console/tenants/{}/works/{work}", branch.tenant().id)
}

/// Has a file made of what the form says.
pub(crate) async fn begin_export(Path(id): Path<String>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let branch = reached(visit, &id).await?;
    let export = match posted.text("of") {
        "people" => Export::People,
        "events" => Export::Events(filter(|name| posted.given(name))?),
        "consents" => Export::Consents(TermsId::parse(posted.text("terms")).ok_or(Error::NotFound)?),
        _ => return Err(Trouble::from(Error::NotFound)),
    };
    let once = once::of(&posted, &["of", "terms", "kind", "person", "from", "to"]);
    match works::export(&visit.core, &visit.caller, &visit.actor(), &branch, export, once).await {
        Ok(Done::Now(work)) => Ok(see_other(&format!("{}?done=begun", at(&branch, &work.id.to_string())))),
        Ok(Done::Before(id)) => Ok(see_other(&at(&branch, &id.to_string()))),
        // Another one goes on: it stands in the list.
        Err(Error::Conflict { .. }) => {
            Ok(see_other(&format!("/console/tenants/{}/works?done=busy", branch.tenant().id)))
        }
        Err(error) => Err(error.into()),
    }
}
