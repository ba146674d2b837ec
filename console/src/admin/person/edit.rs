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

/// First and last name, what they like to be called, their language.
const FIELDS: [&str; 4] = ["first_name", "last_name", "known_as", "language"];

#[derive(Template)]
#[template(path = "console/edit_person.html")]
struct Editing<'a> {
    frame: Frame,
    tenant: TenantId,
    id: PersonId,
    /// Of each field what is typed, and what stood there when the form was opened.
    names: [Field<'a>; 3],
    languages: Vec<Choice>,
    language_was: &'a str,
    problem: Option<String>,
}

struct Field<'a> {
    name: &'static str,
    label: &'static str,
    typed: &'a str,
    was: &'a str,
}

fn form(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    (typed, was): ([&str; 4], [&str; 4]),
    problem: Option<String>,
) -> Response {
    let ([first, last, called, language], [first_was, last_was, called_was, language_was]) = (typed, was);
    let status = status(&problem);
    let title = format!("Change {}", name(&listed.person.profile, &listed.person.email));
    let [first_name, last_name, known_as, _] = FIELDS;
    let editing = Editing {
        frame: Frame::at(visit, branch, Part::People, title),
        tenant: branch.tenant().id,
        id: listed.person.id,
        names: [
            Field { name: first_name, label: "First name", typed: first, was: first_was },
            Field { name: last_name, label: "Last name", typed: last, was: last_was },
            Field { name: known_as, label: "What they like to be called", typed: called, was: called_was },
        ],
        languages: languages(language),
        language_was,
        problem,
    };
    render(status, &editing)
}

pub(crate) async fn edit(Path((tenant, person)): Path<(String, String)>, viewing: Viewing) -> Page {
    let (branch, listed) = found(&viewing.visit, &tenant, &person).await?;
    let profile = &listed.person.profile;
    let [first_name, last_name, known_as] = [&profile.first_name, &profile.last_name, &profile.known_as]
        .map(|name| name.as_deref().unwrap_or_default());
    let is = [first_name, last_name, known_as, listed.person.language.map_or("", Language::as_str)];
    Ok(form(&viewing.visit, (&branch, &listed), (is, is), None))
}

/// What was not touched is not written: somebody else may have changed it meanwhile, they themselves their language.
pub(crate) async fn save(Path((tenant, person)): Path<(String, String)>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let (branch, listed) = found(visit, &tenant, &person).await?;
    let [first_name, last_name, known_as, language] = FIELDS.map(|name| posted.touched(name));
    let id = listed.person.id;
    let edited = async {
        let change = Edit {
            first_name: first_name.map(str::to_owned),
            last_name: last_name.map(str::to_owned),
            known_as: known_as.map(str::to_owned),
            language: language.map(choices::language).transpose()?,
            ..Edit::default()
        };
        people::edit(&visit.core, &visit.caller, &visit.actor(), &branch, id, change).await
    };
    match edited.await {
        Ok(_) => Ok(see_other(&format!("{}?done=saved", address(&branch, id)))),
        Err(error) => {
            let was = FIELDS.map(|name| format!("{name}_was"));
            let typed = FIELDS.map(|name| posted.text(name));
            let was = was.each_ref().map(|name| posted.text(name));
            Ok(form(visit, (&branch, &listed), (typed, was), Some(mendable(error)?)))
        }
    }
}
