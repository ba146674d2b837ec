//! One person, everything about them on one page; changing their names is `edit.rs`, all else that can be done `steps.rs`.

mod edit;
mod steps;

pub(crate) use edit::{edit, save};
pub(crate) use steps::{act, ask};

use super::frame::{Frame, Part};
use super::keys;
use super::people::name;
use super::tenant::reached;
use super::trouble::{Page, Trouble};
use crate::admin::choices::belonging;
use crate::admin::when::{When, when};
use crate::admin::whence::whence;
use crate::device::device;
use crate::frame::render;
use crate::visit::{Viewing, Visit, see_other};
use crate::words::Words;
use askama::Template;
use axum::extract::Path;
use doorward_core::consent::Evidence;
use doorward_core::people::{self, Listed};
use doorward_core::sessions::{self, Whose};
use doorward_core::{Branch, Core, Error, access_keys, consent, memberships};
use doorward_model::{
    AccessKeyId, Language, Membership, PersonId, PersonStatus, Session, SessionId, TenantId, Verified,
};
use doorward_web::StatusCode;
use uuid::Uuid;

/// The person that a path names, in a tenant the visitor administers.
pub(super) async fn found(visit: &Visit, tenant: &str, person: &str) -> Result<(Branch, Listed), Trouble> {
    let branch = reached(visit, tenant).await?;
    let id = PersonId::parse(person).ok_or(Error::NotFound)?;
    let listed = people::one_of(&visit.core, &visit.actor(), &branch, id).await?;
    Ok((branch, listed))
}

pub(super) fn address(branch: &Branch, person: PersonId) -> String {
    format!("/console/tenants/{}/people/{person}", branch.tenant().id)
}

struct Live {
    id: SessionId,
    by: &'static str,
    address: String,
    device: String,
    signed_in: When,
    last_used: When,
}

impl Live {
    fn of(core: &Core, session: &Session) -> Self {
        Self {
            id: session.id,
            by: session.scheme.as_str(),
            address: whence(core, session.address),
            device: device(Words::of(Language::En), session.agent.as_deref()),
            signed_in: when(session.signed_in_at),
            last_used: when(session.last_used_at),
        }
    }
}

#[derive(Template)]
#[template(path = "console/person.html")]
struct Shown {
    frame: Frame,
    tenant: TenantId,
    id: PersonId,
    email: String,
    number: i64,
    role: &'static str,
    is_disabled: bool,
    has_password: bool,
    verified: &'static str,
    made: When,
    changed: When,
    facts: Vec<(String, String)>,
    /// Where they belong, as far as the visitor administers it.
    places: Vec<Place>,
    sessions: Vec<Live>,
    keys: Vec<keys::Row>,
    /// What they agreed to: version, its address, when.
    consents: Vec<(String, String, When)>,
}

/// Consents that are shown here; there is one for each version of terms.
const CONSENTS: usize = 20;

pub(crate) async fn show(Path((tenant, person)): Path<(String, String)>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let actor = visit.actor();
    let branch = reached(visit, &tenant).await?;
    let id = PersonId::parse(&person).ok_or(Error::NotFound)?;
    let Listed { person, role, .. } = match people::one_of(&visit.core, &actor, &branch, id).await {
        Ok(listed) => listed,
        // Links of lists that tell of what is below lead to where the person is.
        Err(Error::NotFound) => {
            let there = people::place_of(&visit.core, &actor, &branch, id).await?;
            return Ok(see_other(&format!("/console/tenants/{there}/people/{id}")));
        }
        Err(other) => return Err(other.into()),
    };
    let whose = Whose::Of { actor: &actor, branch: &branch, person: person.id };
    let sessions = match sessions::list(&visit.core, whose).await {
        Ok(sessions) => sessions,
        // Of those who may do more than the visitor nothing is shown that could be ended.
        Err(Error::NotAllowed) => Vec::new(),
        Err(other) => return Err(other.into()),
    };
    let (_, places) = memberships::of_member(&visit.core, &actor, &branch, person.id).await?;
    let first = (AccessKeyId::new(Uuid::nil()), access_keys::KEYS_PER_PERSON);
    let held = access_keys::list_after(&visit.core, &actor, &branch, Some(person.id), first).await?;
    let agreed = consent::list_consents_of(&visit.core, &actor, &branch, person.id, None, CONSENTS).await?;
    let title = name(&person.profile, &person.email);
    let shown = Shown {
        frame: Frame::at(visit, &branch, Part::People, title).saying(viewing.text("done")),
        tenant: branch.tenant().id,
        id: person.id,
        email: person.email.as_written().to_owned(),
        number: person.number.get(),
        role: role.as_str(),
        is_disabled: person.status == PersonStatus::Inactive,
        has_password: !person.password_reset_required,
        verified: match person.verified {
            Verified::No => "not yet",
            Verified::BySelf => "by themselves",
            Verified::ByMail => "by mail",
            Verified::ByAdministrator => "by an administrator",
        },
        made: when(person.created_at),
        changed: when(person.modified_at),
        facts: person.profile.extra.clone(),
        places: places.iter().map(Place::of).collect(),
        sessions: sessions.iter().rev().map(|it| Live::of(&visit.core, it)).collect(),
        keys: held.iter().map(|it| keys::Row::of(&branch, it)).collect(),
        consents: agreed.items.iter().map(agreement).collect(),
    };
    Ok(render(StatusCode::OK, &shown))
}

/// A place of theirs.
struct Place {
    name: String,
    tenant: String,
    change: String,
    what: String,
    standing: Option<String>,
}

impl Place {
    fn of((place, branch): &(Membership, Branch)) -> Self {
        let tenant = branch.tenant();
        Self {
            name: tenant.display_name.clone(),
            tenant: format!("/console/tenants/{}", tenant.id),
            change: format!("{}/places/{}", address(branch, place.person), place.kind.as_str()),
            what: belonging(place.kind, place.role),
            standing: place.standing.clone(),
        }
    }
}

fn agreement(it: &Evidence) -> (String, String, When) {
    let href = format!("/console/tenants/{}/terms/{}", it.terms.tenant, it.terms.id);
    (it.terms.version.clone(), href, when(it.consent.at))
}
