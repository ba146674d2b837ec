//! What a person is called, and which language they read.

use super::{address, found};
use crate::admin::choices::{self, Choice, languages};
use crate::admin::frame::{Frame, Part};
use crate::admin::people::name;
use crate::admin::trouble::{Page, mendable, status};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::Branch;
use doorward_core::people::{self, Edit, Listed};
use doorward_model::{Language, PersonId, TenantId};
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
    languages: Vec<Choice>,
    /// The language that was chosen when the form was opened.
    language_before: &'a str,
    problem: Option<String>,
}

/// What was typed: first and last name, what they like to be called, their language, and the one that stood there before.
type Typed<'a> = [&'a str; 5];

fn form(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    typed: Typed<'_>,
    problem: Option<String>,
) -> Response {
    let [first_name, last_name, known_as, language, language_before] = typed;
    let languages = languages(language);
    let status = status(&problem);
    let title = format!("Change {}", name(&listed.person.profile, &listed.person.email));
    let (tenant, id) = (branch.tenant().id, listed.person.id);
    let frame = Frame::at(visit, branch, Part::People, title);
    let editing =
        Editing { frame, tenant, id, first_name, last_name, known_as, languages, language_before, problem };
    render(status, &editing)
}

pub(crate) async fn edit(Path((tenant, person)): Path<(String, String)>, viewing: Viewing) -> Page {
    let (branch, listed) = found(&viewing.visit, &tenant, &person).await?;
    let profile = &listed.person.profile;
    let [first_name, last_name, known_as] = [&profile.first_name, &profile.last_name, &profile.known_as]
        .map(|name| name.as_deref().unwrap_or_default());
    let language = listed.person.language.map_or("", Language::as_str);
    let typed = [first_name, last_name, known_as, language, language];
    Ok(form(&viewing.visit, (&branch, &listed), typed, None))
}

pub(crate) async fn save(Path((tenant, person)): Path<(String, String)>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let (branch, listed) = found(visit, &tenant, &person).await?;
    let names = ["first_name", "last_name", "known_as", "language", "language_before"];
    let typed = names.map(|name| posted.text(name));
    let [first_name, last_name, known_as, ..] = typed.map(|text| Some(text.to_owned()));
    let [.., tag, before] = typed;
    let id = listed.person.id;
    let edited = async {
        // What was not touched is not written: they may choose another one themselves meanwhile.
        let language = if tag == before { None } else { Some(choices::language(tag)?) };
        let change = Edit { first_name, last_name, known_as, language, ..Edit::default() };
        people::edit(&visit.core, &visit.caller, &visit.actor(), &branch, id, change).await
    };
    match edited.await {
        Ok(_) => Ok(see_other(&format!("{}?done=saved", address(&branch, id)))),
        Err(error) => Ok(form(visit, (&branch, &listed), typed, Some(mendable(error)?))),
    }
}
