//! `/admin/{company_id}/administrators`: who administers a company.

use crate::auth::Guest;
use crate::hal::{self, Link, Page};
use crate::links::Links;
use crate::wire::{Place, Resource};
use crate::{forms, reach};
use doorward_core::links::LinkForm;
use doorward_core::memberships::{self, NewMembership};
use doorward_core::people::{self, Edit, NewPassword, NewPerson, Revision};
use doorward_core::{Branch, Error, invite};
use doorward_model::{Email, Kind, Membership, NotificationSettings, Person, Profile, Role, Verified};
use doorward_web::{Call, Fields, Refusal, Response, StatusCode};
use serde_json::json;

const KIND: Kind = Kind::Administrator;
const KINDS: &[Kind] = &[KIND];

pub(crate) async fn list(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, _) = reach::administered(&call, &guest).await?;
    let page = Page::wanted(&call)?;
    let found = memberships::list(&call.core, &reach::actor(&guest)?, &branch, KIND, page.part()).await?;
    let links = Links::of(&call);
    let href = links.administrators(branch.tenant().number);
    let render = |(membership, person): &(Membership, Person)| {
        json!(Resource::new(&links, Place::new(person, &branch, membership)))
    };
    let more = [("new", format!("{href}/new"))];
    let body = page.list("administrators", &href, &found, &more, render);
    Ok(hal::answer(&call, StatusCode::OK, &body))
}

pub(crate) async fn show(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, person, place) = found(&call, &guest).await?;
    Ok(resource(&call, StatusCode::OK, &branch, &person, &place))
}

/// Makes an administrator. Somebody the tree knows already gets a place, keeps their password, and is told by mail.
pub(crate) async fn create(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, _) = reach::administered(&call, &guest).await?;
    let body = call.body().await?;
    let email = email(body)?.ok_or_else(|| Refusal::invalid("email", "is required"))?;
    let role = role(body)?.unwrap_or(Role::User);
    let (person, place) = match people::by_email(&call.core, branch.pool(), &email).await {
        Ok(known) => {
            let place = give(&call, &guest, &branch, &known, role).await?;
            (known, place)
        }
        Err(Error::NotFound) => make(&call, &guest, &branch, email, role).await?,
        Err(other) => return Err(other.into()),
    };
    Ok(resource(&call, StatusCode::CREATED, &branch, &person, &place))
}

pub(crate) async fn update(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, person, place) = found(&call, &guest).await?;
    let new = role(call.body().await?)?.filter(|role| *role != place.role);
    if new.is_some() {
        is_from_here(&branch, &place)?;
    }
    let person = revise_person(&call, &guest, &branch, person, new.map(|role| (KINDS, role))).await?;
    let place = Membership { role: new.unwrap_or(place.role), ..place };
    Ok(resource(&call, StatusCode::OK, &branch, &person, &place))
}

/// Takes the place away; the person stays, and what they have elsewhere.
pub(crate) async fn remove(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, person, place) = found(&call, &guest).await?;
    is_from_here(&branch, &place)?;
    let actor = reach::actor(&guest)?;
    memberships::take(&call.core, &call.caller, &actor, &branch, person.id, KIND).await?;
    let own = Link::to(Links::of(&call).administrators(branch.tenant().number));
    let body = json!({ "message": "The administrator was removed.", "_links": { "self": own } });
    Ok(hal::answer(&call, StatusCode::OK, &body))
}

/// The form for making one.
pub(crate) async fn new(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, role) = reach::administered(&call, &guest).await?;
    let href = Links::of(&call).administrators(branch.tenant().number);
    let form = forms::new_administrator(&branch, role, Link::to(format!("{href}/new")));
    Ok(hal::answer(&call, StatusCode::OK, &form))
}

/// The form for changing one.
pub(crate) async fn edit(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, person, _) = found(&call, &guest).await?;
    let role = guest.identity()?.role_at(&branch).filter(|role| role.administers());
    let own = Links::of(&call).person(branch.tenant().number, KIND, person.number);
    let form = forms::edit_person("Administrator", role, Link::to(format!("{own}/edit")));
    Ok(hal::answer(&call, StatusCode::OK, &form))
}

/// The administrator a path names, for other administrators and for themselves.
async fn found(call: &Call, guest: &Guest) -> Result<(Branch, Person, Membership), Refusal> {
    let (branch, role) = reach::as_administrator(call, guest).await?;
    let number = reach::person_number(call.path("id"))?;
    if !role.administers() && number != guest.identity()?.person.number {
        return Err(Error::NotAllowed.into());
    }
    let (person, place) = memberships::reaching(&call.core, &branch, number, KIND).await?;
    Ok((branch, person, place))
}

/// A place given in a parent company reaches here, but is changed and taken there.
fn is_from_here(branch: &Branch, place: &Membership) -> Result<(), Error> {
    if place.tenant == branch.tenant().id { Ok(()) } else { Err(Error::NotAllowed) }
}

async fn give(
    call: &Call,
    guest: &Guest,
    branch: &Branch,
    known: &Person,
    role: Role,
) -> Result<Membership, Refusal> {
    let new = NewMembership { person: known.id, kind: KIND, role, standing: None };
    Ok(memberships::give(&call.core, &call.caller, &reach::actor(guest)?, branch, new).await?)
}

/// With the password that the form names, else by invitation.
async fn make(
    call: &Call,
    guest: &Guest,
    branch: &Branch,
    email: Email,
    role: Role,
) -> Result<(Person, Membership), Refusal> {
    let body = call.body().await?;
    let password = body.secret("password")?.filter(|password| !password.expose().is_empty());
    let (first_name, last_name) = names(body)?;
    let said = |name: Option<String>| name.filter(|name| !name.is_empty());
    let new = NewPerson {
        email,
        profile: Profile { first_name: said(first_name), last_name: said(last_name), ..Profile::default() },
        kind: KIND,
        role,
        standing: None,
        verified: Verified::No,
        password: password.map_or(NewPassword::None, NewPassword::Chosen),
        notifications: NotificationSettings::default(),
        language: None,
    };
    let actor = reach::actor(guest)?;
    let (core, caller) = (&call.core, &call.caller);
    let made = match new.password {
        NewPassword::Chosen(_) => people::create(core, caller, &actor, branch, new).await,
        NewPassword::None => invite::invite(core, caller, &actor, branch, new, LinkForm::INVITATION).await,
    };
    made.map_err(|error| in_its_words(error, body))
}

/// Writes the names and the e-mail of the body, and a new role; what is the same as before is no change.
pub(crate) async fn revise_person(
    call: &Call,
    guest: &Guest,
    branch: &Branch,
    person: Person,
    role: Option<(&'static [Kind], Role)>,
) -> Result<Person, Refusal> {
    let body = call.body().await?;
    let (first_name, last_name) = names(body)?;
    let edit = Edit { email: email(body)?, first_name, last_name, ..Edit::default() };
    let revision = Revision { edit, role, ..Revision::default() };
    let actor = reach::actor(guest)?;
    let revised = people::revise(&call.core, &call.caller, &actor, branch, person.id, revision).await;
    revised.map_err(|error| in_its_words(error, body))
}

/// A fault of a name's part, told of the `name` it was cut from.
fn in_its_words(error: Error, body: &Fields) -> Refusal {
    if let Error::Invalid { field: part @ ("first_name" | "last_name"), problem } = error {
        let is_sent = body.text(part).is_ok_and(|text| text.is_some());
        return Refusal::invalid(if is_sent { part } else { "name" }, problem);
    }
    error.into()
}

fn email(body: &Fields) -> Result<Option<Email>, Refusal> {
    let read = |text| Email::parse(text).map_err(|fault| Refusal::invalid("email", fault.to_string()));
    body.text("email")?.map(read).transpose()
}

fn role(body: &Fields) -> Result<Option<Role>, Refusal> {
    let expected = || Refusal::invalid("role", "expected owner, admin, user or callcentre");
    body.text("role")?.map(|word| Role::parse(word).ok_or_else(expected)).transpose()
}

/// First and last name, each as sent, else cut from `name` at its first space. The forms ask for a `name` of at least
/// one character, so a blank one is refused.
fn names(body: &Fields) -> Result<(Option<String>, Option<String>), Refusal> {
    let whole = body.text("name")?.map(str::trim);
    if whole.is_some_and(str::is_empty) {
        return Err(Refusal::invalid("name", "expected at least one character"));
    }
    let (first, last) = match whole.map(|name| name.split_once(' ').unwrap_or((name, ""))) {
        Some((first, last)) => (Some(first), Some(last.trim_start())),
        None => (None, None),
    };
    let first = body.text("first_name")?.or(first);
    let last = body.text("last_name")?.or(last);
    Ok((first.map(str::to_owned), last.map(str::to_owned)))
}

fn resource(
    call: &Call,
    status: StatusCode,
    branch: &Branch,
    person: &Person,
    place: &Membership,
) -> Response {
    hal::answer(call, status, &Resource::new(&Links::of(call), Place::new(person, branch, place)))
}
