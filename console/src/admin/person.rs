//! One person, everything about them in one place, and what can be done.

use super::danger::Danger;
use super::frame::{Frame, Part};
use super::keys;
use super::people::name;
use super::prove::proven;
use super::tenant::reached;
use super::trouble::status;
use super::trouble::{Page, Trouble, mendable};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::consent::Evidence;
use doorward_core::links::LinkForm;
use doorward_core::people::{self, Edit, Listed};
use doorward_core::sessions::{self, Whose};
use doorward_core::{Branch, Error, access_keys, consent, invite, memberships, passwords};
use doorward_model::{
    AccessKeyId, Membership, PersonId, PersonStatus, Session, SessionId, TenantId, Verified,
};
use doorward_web::{Response, StatusCode};
use uuid::Uuid;

/// The person that a path names, in a tenant the visitor administers.
async fn found(visit: &Visit, tenant: &str, person: &str) -> Result<(Branch, Listed), Trouble> {
    let branch = reached(visit, tenant).await?;
    let id = PersonId::parse(person).ok_or(Error::NotFound)?;
    let listed = people::one_of(&visit.core, &visit.actor(), &branch, id).await?;
    Ok((branch, listed))
}

struct Live {
    id: SessionId,
    by: &'static str,
    address: String,
    agent: String,
    signed_in: When,
    last_used: When,
}

impl Live {
    fn of(session: &Session) -> Self {
        Self {
            id: session.id,
            by: session.scheme.as_str(),
            address: session.address.map(|address| address.to_string()).unwrap_or_default(),
            agent: session.agent.clone().unwrap_or_default(),
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
    /// Where they belong, as far as the visitor administers it: name, address, as what, with which rights.
    places: Vec<(String, String, &'static str, &'static str)>,
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
        places: places.iter().map(place).collect(),
        sessions: sessions.iter().rev().map(Live::of).collect(),
        keys: held.iter().map(|it| keys::Row::of(&branch, it)).collect(),
        consents: agreed.items.iter().map(agreement).collect(),
    };
    Ok(render(StatusCode::OK, &shown))
}

fn place((place, branch): &(Membership, Branch)) -> (String, String, &'static str, &'static str) {
    let tenant = branch.tenant();
    let href = format!("/console/tenants/{}", tenant.id);
    (tenant.display_name.clone(), href, place.kind.as_str(), place.role.as_str())
}

fn agreement(it: &Evidence) -> (String, String, When) {
    let href = format!("/console/tenants/{}/terms/{}", it.terms.tenant, it.terms.id);
    (it.terms.version.clone(), href, when(it.consent.at))
}

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

fn address(branch: &Branch, person: PersonId) -> String {
    format!("/console/tenants/{}/people/{person}", branch.tenant().id)
}

/// What can be done with a person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Disable,
    Enable,
    Delete,
    Invite,
    Reset,
    EndAll,
    End(SessionId),
}

impl Step {
    fn parse(word: &str, session: &str) -> Result<Self, Error> {
        Ok(match word {
            "disable" => Self::Disable,
            "enable" => Self::Enable,
            "delete" => Self::Delete,
            "invite" => Self::Invite,
            "reset" => Self::Reset,
            "end-all" => Self::EndAll,
            "end" => Self::End(SessionId::parse(session).ok_or(Error::NotFound)?),
            _ => return Err(Error::NotFound),
        })
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
            Self::Invite => "invite",
            Self::Reset => "reset",
            Self::EndAll => "end-all",
            Self::End(_) => "end",
        }
    }

    /// What a page says after it.
    const fn done(self) -> &'static str {
        match self {
            Self::Disable => "disabled",
            Self::Enable => "enabled",
            Self::Delete => "deleted",
            Self::Invite => "invited",
            Self::Reset => "reset",
            Self::EndAll | Self::End(_) => "ended",
        }
    }

    /// Whether it is asked once more, with the password of whoever signed in a while ago. What somebody can mend by
    /// signing in again, or is merely a mail, is not.
    const fn is_dangerous(self) -> bool {
        match self {
            Self::Disable | Self::Enable | Self::Delete => true,
            Self::Invite | Self::Reset | Self::EndAll | Self::End(_) => false,
        }
    }

    /// Title, what happens, the button.
    fn told(self, name: &str) -> (String, Vec<String>, &'static str) {
        match self {
            Self::Disable => (
                format!("Disable {name}?"),
                vec!["They are signed out everywhere now, and their keys stop working, until you enable them again.".to_owned()],
                "Disable",
            ),
            Self::Enable => (
                format!("Enable {name} again?"),
                vec!["They can sign in again. Earlier sessions and keys stay ended.".to_owned()],
                "Enable",
            ),
            Self::Delete => (
                format!("Delete {name}?"),
                vec![
                    "They are signed out everywhere now and gone for every client; their keys end.".to_owned(),
                    "This cannot be undone. What they did stays in the events.".to_owned(),
                ],
                "Delete for good",
            ),
            Self::Invite => (format!("Invite {name} again?"), vec!["A new link is mailed to them.".to_owned()], "Invite"),
            Self::Reset => (
                format!("Mail {name} a reset link?"),
                vec!["They get a link with which they choose a new password.".to_owned()],
                "Send it",
            ),
            Self::EndAll | Self::End(_) => {
                (format!("Sign {name} out?"), vec!["They can sign in again at once.".to_owned()], "Sign out")
            }
        }
    }
}

fn question(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    step: Step,
    problem: Option<String>,
) -> Response {
    let (title, what, button) = step.told(&name(&listed.person.profile, &listed.person.email));
    let danger = Danger {
        frame: Frame::at(visit, branch, Part::People, title),
        what,
        button,
        fields: vec![("step", step.word().to_owned())],
        overlaps: Vec::new(),
        back: address(branch, listed.person.id),
        problem,
    };
    danger.render()
}

pub(crate) async fn ask(Path((tenant, person)): Path<(String, String)>, viewing: Viewing) -> Page {
    let step = Step::parse(viewing.text("step").unwrap_or_default(), "")?;
    let (branch, listed) = found(&viewing.visit, &tenant, &person).await?;
    Ok(question(&viewing.visit, (&branch, &listed), step, None))
}

pub(crate) async fn act(Path((tenant, person)): Path<(String, String)>, posted: Posted) -> Page {
    let step = Step::parse(posted.text("step"), posted.text("session"))?;
    let (branch, listed) = found(&posted.visit, &tenant, &person).await?;
    let step_taken = async |visit: &Visit| -> Result<Response, Error> {
        take(visit, &branch, &listed, step).await?;
        let at = match step {
            Step::Delete => format!("/console/tenants/{}/people", branch.tenant().id),
            Step::Disable | Step::Enable | Step::Invite | Step::Reset | Step::EndAll | Step::End(_) => {
                address(&branch, listed.person.id)
            }
        };
        Ok(see_other(&format!("{at}?done={}", step.done())))
    };
    if !step.is_dangerous() {
        return match step_taken(&posted.visit).await {
            Ok(answer) => Ok(answer),
            Err(error) => Ok(question(&posted.visit, (&branch, &listed), step, Some(mendable(error)?))),
        };
    }
    proven!(&posted, |visit, problem| Ok(question(visit, (&branch, &listed), step, problem)), |visit| {
        step_taken(visit).await
    })
}

async fn take(visit: &Visit, branch: &Branch, listed: &Listed, step: Step) -> Result<(), Error> {
    let (core, caller, actor, id) = (&visit.core, &visit.caller, visit.actor(), listed.person.id);
    let whose = Whose::Of { actor: &actor, branch, person: id };
    match step {
        Step::Disable => people::disable(core, caller, &actor, branch, id).await.map(drop),
        Step::Enable => people::enable(core, caller, &actor, branch, id).await.map(drop),
        Step::Delete => people::delete(core, caller, &actor, branch, id).await.map(drop),
        Step::Invite => invite::again(core, caller, &actor, branch, id, LinkForm::INVITATION).await,
        Step::Reset => {
            let email = listed.person.email.as_written();
            passwords::reset::request_as(core, caller, &actor, branch, email, LinkForm::RESET).await
        }
        Step::EndAll => sessions::end_all(core, caller, whose, None).await.map(drop),
        Step::End(session) => match sessions::end(core, caller, whose, session).await {
            // It ended meanwhile, which is what was asked for.
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(other) => Err(other),
        },
    }
}
