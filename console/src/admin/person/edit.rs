//! What a person is called.

use super::{address, found};
use crate::admin::frame::{Frame, Part};
use crate::admin::people::name;
use crate::admin::trouble::{Page, mendable, status};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::Branch;
use doorward_core::people::{self, Edit, Listed};
use doorward_model::{PersonId, TenantId};
use doorward_web::Response;

#[derive(Template)]
#[template(path = "console/edit_person.html")]
struct Editing<'a> {
    frame: Frame,
    tenant: TenantId,
    id: PersonId,
    first_name: &'a str,
    last_name: &'a str,
    known_as: &'a str,
    problem: Option<String>,
}

fn form(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    typed: [&str; 3],
    problem: Option<String>,
) -> Response {
    let [first_name, last_name, known_as] = typed;
    let status = status(&problem);
    let title = format!("Change {}", name(&listed.person.profile, &listed.person.email));
    let (tenant, id) = (branch.tenant().id, listed.person.id);
    let frame = Frame::at(visit, branch, Part::People, title);
    render(status, &Editing { frame, tenant, id, first_name, last_name, known_as, problem })
}

pub(crate) async fn edit(Path((tenant, person)): Path<(String, String)>, viewing: Viewing) -> Page {
    let (branch, listed) = found(&viewing.visit, &tenant, &person).await?;
    let profile = &listed.person.profile;
    let typed = [&profile.first_name, &profile.last_name, &profile.known_as]
        .map(|name| name.as_deref().unwrap_or_default());
    Ok(form(&viewing.visit, (&branch, &listed), typed, None))
}

pub(crate) async fn save(Path((tenant, person)): Path<(String, String)>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let (branch, listed) = found(visit, &tenant, &person).await?;
    let typed = ["first_name", "last_name", "known_as"].map(|name| posted.text(name));
    let [first_name, last_name, known_as] = typed.map(|text| Some(text.to_owned()));
    let change = Edit { first_name, last_name, known_as, ..Edit::default() };
    let id = listed.person.id;
    match people::edit(&visit.core, &visit.caller, &visit.actor(), &branch, id, change).await {
        Ok(_) => Ok(see_other(&format!("{}?done=saved", address(&branch, id)))),
        Err(error) => Ok(form(visit, (&branch, &listed), typed, Some(mendable(error)?))),
    }
}
