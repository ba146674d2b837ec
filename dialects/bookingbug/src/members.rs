//! `/{company_id}/members`: customers with a login. Themselves and the company's administrators may see and change them.

use crate::administrators::revise_person;
use crate::auth::Guest;
use crate::hal::{self, Link};
use crate::links::Links;
use crate::wire::{Place, Resource};
use crate::{forms, reach};
use doorward_core::{Branch, Error, memberships};
use doorward_model::{Kind, Membership, Person};
use doorward_web::{Call, Refusal, Response, StatusCode};

const KIND: Kind = Kind::Member;

pub(crate) async fn show(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, person, place) = found(&call, &guest).await?;
    Ok(resource(&call, &branch, &person, &place))
}

pub(crate) async fn update(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, person, place) = found(&call, &guest).await?;
    let person = revise_person(&call, &guest, &branch, person, None).await?;
    Ok(resource(&call, &branch, &person, &place))
}

/// The form for changing one.
pub(crate) async fn edit(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, person, _) = found(&call, &guest).await?;
    let own = Links::of(&call).person(branch.tenant().number, KIND, person.number);
    let form = forms::edit_person("Member", None, Link::to(format!("{own}/edit")));
    Ok(hal::answer(&call, StatusCode::OK, &form))
}

async fn found(call: &Call, guest: &Guest) -> Result<(Branch, Person, Membership), Refusal> {
    let (branch, role) = reach::reached(call, guest).await?;
    let number = reach::person_number(call.path("id"))?;
    if !role.administers() && number != guest.identity()?.person.number {
        return Err(Error::NotAllowed.into());
    }
    let (person, place) = memberships::reaching(&call.core, &branch, number, KIND).await?;
    Ok((branch, person, place))
}

fn resource(call: &Call, branch: &Branch, person: &Person, place: &Membership) -> Response {
    hal::answer(call, StatusCode::OK, &Resource::new(&Links::of(call), Place::new(person, branch, place)))
}
