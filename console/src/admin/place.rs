//! Where a person belongs: giving them a place, changing it, taking it away.

use super::choices::{Choice, belonging, kinds, roles};
use super::danger::Danger;
use super::frame::{Frame, Part};
use super::meanwhile::{self, SAVE};
use super::once;
use super::people::name;
use super::person::{address, found};
use super::prove::proven;
use super::trouble::{Page, Trouble, mendable, status};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::memberships::{self, Changes, NewMembership};
use doorward_core::people::Listed;
use doorward_core::{Branch, Error, tenants};
use doorward_model::{Kind, Membership, Role};
use doorward_web::Response;

/// What whoever takes a place away does that another has changed meanwhile.
const TAKE: &str = "check that it is still what you mean to take away, then go on";

#[derive(Template)]
#[template(path = "console/place.html")]
struct Form<'a> {
    frame: Frame,
    /// The short name of where, while it is not decided yet.
    at: Option<&'a str>,
    kinds: Vec<Choice>,
    roles: Vec<Choice>,
    standing: &'a str,
    /// The version that is shown; of a new place, none.
    version: Option<i64>,
    button: &'static str,
    /// Nobody changes the place of somebody who may do more.
    may_change: bool,
    /// Where the place is taken away.
    take: Option<String>,
    back: String,
    problem: Option<String>,
}

/// What was typed: where, as what, with which rights, a word beside the name.
type Typed<'a> = [&'a str; 4];

fn new_form(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    typed: Typed<'_>,
    problem: Option<String>,
) -> Response {
    let [at, kind, role, standing] = typed;
    let title = format!("Where {} belongs, too", name(&listed.person.profile, &listed.person.email));
    let form = Form {
        frame: Frame::at(visit, branch, Part::People, title),
        at: Some(at),
        kinds: kinds(kind),
        roles: roles(&visit.actor(), branch, role),
        standing,
        version: None,
        button: "Add",
        may_change: true,
        take: None,
        back: address(branch, listed.person.id),
        problem,
    };
    render(status(&form.problem), &form)
}

pub(crate) async fn new(Path((tenant, person)): Path<(String, String)>, viewing: Viewing) -> Page {
    let (branch, listed) = found(&viewing.visit, &tenant, &person).await?;
    let typed = [branch.tenant().slug.as_str(), Kind::User.as_str(), Role::User.as_str(), ""];
    Ok(new_form(&viewing.visit, (&branch, &listed), typed, None))
}

/// The fields of a new place.
const FIELDS: [&str; 4] = ["at", "kind", "role", "standing"];

pub(crate) async fn give(Path((tenant, person)): Path<(String, String)>, posted: Posted) -> Page {
    let (branch, listed) = found(&posted.visit, &tenant, &person).await?;
    let typed = FIELDS.map(|name| posted.text(name));
    let [at, kind, role, standing] = typed;
    let given = async |visit: &Visit| -> Result<Response, Error> {
        let (core, actor) = (&visit.core, visit.actor());
        let there = tenants::administered_by_slug(core, &actor, branch.pool(), at).await?;
        let new = NewMembership {
            person: listed.person.id,
            kind: Kind::parse(kind).ok_or_else(|| Error::invalid("kind", "choose one of the list"))?,
            role: chosen(role)?,
            standing: said(standing),
        };
        let (caller, once) = (&visit.caller, once::of(&posted, &FIELDS));
        drop(match once {
            Some(once) => memberships::give_once(core, caller, &actor, &there, new, once).await?,
            None => memberships::give(core, caller, &actor, &there, new).await?,
        });
        Ok(see_other(&format!("{}?done=given", address(&branch, listed.person.id))))
    };
    if Role::parse(role).is_some_and(Role::administers) {
        return proven!(
            &posted,
            |visit, problem| Ok(new_form(visit, (&branch, &listed), typed, problem)),
            |visit| given(visit).await
        );
    }
    match given(&posted.visit).await {
        Ok(answer) => Ok(answer),
        Err(error) => Ok(new_form(&posted.visit, (&branch, &listed), typed, Some(mendable(error)?))),
    }
}

fn chosen(role: &str) -> Result<Role, Error> {
    Role::parse(role).ok_or_else(|| Error::invalid("role", "choose one of the list"))
}

fn said(standing: &str) -> Option<String> {
    Some(standing.to_owned()).filter(|standing| !standing.is_empty())
}

/// The place that a path names, and whose it is.
async fn place(
    visit: &Visit,
    (tenant, person, kind): &(String, String, String),
) -> Result<(Branch, Listed, Membership), Trouble> {
    let (branch, listed) = found(visit, tenant, person).await?;
    let kind = Kind::parse(kind).ok_or(Error::NotFound)?;
    let place = memberships::one_of(&visit.core, &visit.actor(), &branch, listed.person.id, kind).await?;
    Ok((branch, listed, place))
}

/// What somebody is there, for whoever did not know that another changed it.
fn as_it_is(place: &Membership) -> String {
    let standing = place.standing.as_deref().map(|it| format!(", {it}")).unwrap_or_default();
    format!("They are {}{standing} there now.", belonging(place.kind, place.role))
}

fn form(
    visit: &Visit,
    (branch, listed, place): &(Branch, Listed, Membership),
    (role, standing, version): (&str, &str, i64),
    problem: Option<String>,
) -> Response {
    let who = name(&listed.person.profile, &listed.person.email);
    let back = address(branch, listed.person.id);
    let may_change = visit.actor().grants(branch, place.role).is_ok();
    let form = Form {
        frame: Frame::at(visit, branch, Part::People, format!("{who} at {}", branch.tenant().display_name)),
        at: None,
        kinds: Vec::new(),
        roles: roles(&visit.actor(), branch, role),
        standing,
        version: Some(version),
        button: "Save",
        may_change,
        take: may_change.then(|| format!("{back}/places/{}/take", place.kind.as_str())),
        back,
        problem,
    };
    render(status(&form.problem), &form)
}

pub(crate) async fn edit(Path(path): Path<(String, String, String)>, viewing: Viewing) -> Page {
    let found = place(&viewing.visit, &path).await?;
    let (.., place) = &found;
    let standing = place.standing.as_deref().unwrap_or_default();
    Ok(form(&viewing.visit, &found, (place.role.as_str(), standing, place.version), None))
}

/// Whoever makes somebody an administrator, or an administrator less, proves that it is them.
pub(crate) async fn save(Path(path): Path<(String, String, String)>, posted: Posted) -> Page {
    let found = place(&posted.visit, &path).await?;
    let (branch, listed, place) = &found;
    let (role, standing) = (posted.text("role"), posted.text("standing"));
    // Whoever is told of another's change goes on from what is there now.
    let typed = (role, standing, place.version);
    if let Err(stale) = meanwhile::check(&posted, place.version, SAVE) {
        let problem = format!("{} {}", mendable(stale)?, as_it_is(place));
        return Ok(form(&posted.visit, &found, typed, Some(problem)));
    }
    let changed = async |visit: &Visit| -> Result<Response, Error> {
        let expected = Some(place.version);
        let changes = Changes { role: Some(chosen(role)?), standing: Some(said(standing)), expected };
        let (core, whose) = (&visit.core, (listed.person.id, place.kind));
        let changed = memberships::change(core, &visit.caller, &visit.actor(), branch, whose, changes).await;
        changed.map_err(|error| meanwhile::told(error, SAVE))?;
        Ok(see_other(&format!("{}?done=saved", address(branch, listed.person.id))))
    };
    if place.role.administers() || Role::parse(role).is_some_and(Role::administers) {
        return proven!(&posted, |visit, problem| Ok(form(visit, &found, typed, problem)), |visit| changed(
            visit
        )
        .await);
    }
    match changed(&posted.visit).await {
        Ok(answer) => Ok(answer),
        Err(error) => Ok(form(&posted.visit, &found, typed, Some(mendable(error)?))),
    }
}

fn question(
    visit: &Visit,
    (branch, listed, place): &(Branch, Listed, Membership),
    problem: Option<String>,
) -> Response {
    let who = name(&listed.person.profile, &listed.person.email);
    let back = address(branch, listed.person.id);
    let danger = Danger {
        frame: Frame::at(
            visit,
            branch,
            Part::People,
            format!("Take {who} out of {}?", branch.tenant().display_name),
        ),
        what: vec![
            format!(
                "They are no {} of it any more, and are signed out where only this place let them in.",
                place.kind.as_str()
            ),
            "They themselves stay, with what they have elsewhere.".to_owned(),
        ],
        button: "Take out",
        fields: vec![("version", place.version.to_string())],
        overlaps: Vec::new(),
        back: format!("{back}/places/{}", place.kind.as_str()),
        problem,
    };
    danger.render()
}

pub(crate) async fn ask_take(Path(path): Path<(String, String, String)>, viewing: Viewing) -> Page {
    let found = place(&viewing.visit, &path).await?;
    Ok(question(&viewing.visit, &found, None))
}

pub(crate) async fn take(Path(path): Path<(String, String, String)>, posted: Posted) -> Page {
    let found = place(&posted.visit, &path).await?;
    let (branch, listed, place) = &found;
    if let Err(stale) = meanwhile::check(&posted, place.version, TAKE) {
        let problem = format!("{} {}", mendable(stale)?, as_it_is(place));
        return Ok(question(&posted.visit, &found, Some(problem)));
    }
    proven!(&posted, |visit, problem| Ok(question(visit, &found, problem)), |visit| {
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let (whose, expected) = ((listed.person.id, place.kind), Some(place.version));
        let taken = memberships::take_version(core, caller, &actor, branch, whose, expected).await;
        taken.map_err(|error| meanwhile::told(error, TAKE))?;
        Ok::<Response, Error>(see_other(&format!(
            "/console/tenants/{}/people?done=taken",
            branch.tenant().id
        )))
    })
}
