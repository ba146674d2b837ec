//! The people of a tenant, and making one.

use super::choices::{self, Choice, kinds, languages, roles};
use super::frame::{Frame, Part};
use super::once;
use super::prove::proven;
use super::tenant::reached;
use super::trouble::status;
use super::trouble::{Page, mendable};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::links::LinkForm;
use doorward_core::once::Done;
use doorward_core::people::{self, Listed, NewPassword, NewPerson, Place, Search};
use doorward_core::{Branch, Error, cursor, invite};
use doorward_model::{
    Email, Kind, NotificationSettings, PersonId, PersonStatus, Profile, Role, TenantId, Verified,
};
use doorward_web::Response;
use url::form_urlencoded;
use uuid::Uuid;

/// Rows of a page.
const ROWS: usize = 50;

struct Row {
    href: String,
    name: String,
    email: String,
    number: i64,
    role: &'static str,
    status: PersonStatus,
}

impl Row {
    fn of(it: &Listed) -> Self {
        let person = &it.person;
        Self {
            href: format!("/console/tenants/{}/people/{}", it.tenant, person.id),
            name: name(&person.profile, &person.email),
            email: person.email.as_written().to_owned(),
            number: person.number.get(),
            role: it.role.as_str(),
            status: person.status,
        }
    }

    fn is_disabled(&self) -> bool {
        self.status == PersonStatus::Inactive
    }
}

/// How people are spoken of: by name, else by address.
pub(in crate::admin) fn name(profile: &Profile, email: &Email) -> String {
    let name = profile.full_name();
    isolated(if name.is_empty() { email.as_written().to_owned() } else { name })
}

/// A text as it can stand in a sentence: one with letters or marks that turn the direction of reading turns nothing around it (UAX #9,
/// FSI and PDI; such marks of its own would end that too early, or too late). One without stays as it is, for whoever copies it.
fn isolated(text: String) -> String {
    let turns = |sign: char| {
        matches!(sign, '\u{590}'..='\u{8ff}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(sign, '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    let isolates = '\u{2066}'..='\u{2069}';
    if text.contains(turns) {
        format!("\u{2068}{}\u{2069}", text.replace(|sign| isolates.contains(&sign), ""))
    } else {
        text
    }
}

#[derive(Template)]
#[template(path = "console/people.html")]
struct List {
    frame: Frame,
    tenant: TenantId,
    /// What was sought; empty for everybody.
    sought: String,
    rows: Vec<Row>,
    /// The address of the next page.
    next: Option<String>,
    problem: Option<String>,
}

/// Everybody of the tenant itself, or those here and below whose words begin with what is sought.
pub(crate) async fn list(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let sought = viewing.text("q").unwrap_or_default().to_owned();
    let found = match sought.as_str() {
        "" => everybody(&viewing, &branch).await,
        text => found(&viewing, &branch, text).await,
    };
    let (rows, next, problem) = match found {
        Ok((rows, next)) => (rows, next, None),
        Err(error) => (Vec::new(), None, Some(mendable(error)?)),
    };
    let frame = Frame::at(visit, &branch, Part::People, "People").saying(viewing.text("done"));
    let status = status(&problem);
    Ok(render(status, &List { frame, tenant: branch.tenant().id, sought, rows, next, problem }))
}

/// Rows, and the address of the next page.
type Rows = (Vec<Row>, Option<String>);

async fn everybody(viewing: &Viewing, branch: &Branch) -> Result<Rows, Error> {
    let visit = &viewing.visit;
    let after = viewing.text("after").and_then(PersonId::parse).unwrap_or(PersonId::new(Uuid::nil()));
    let mut found = people::list_after(&visit.core, &visit.actor(), branch, after, ROWS + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|last| last.person.id);
    let tenant = branch.tenant().id;
    let next = next.map(|person| format!("/console/tenants/{tenant}/people?after={person}"));
    Ok((found.iter().map(Row::of).collect(), next))
}

async fn found(viewing: &Viewing, branch: &Branch, text: &str) -> Result<Rows, Error> {
    let visit = &viewing.visit;
    let tenant = branch.tenant().id;
    let list = format!("console people {tenant} {text}");
    let after = match viewing.text("cursor") {
        Some(cursor) => Place::of(&cursor::read(&visit.core, &list, cursor)?),
        None => None,
    };
    let search = Search { text: text.to_owned(), after, rows: ROWS };
    let found = people::search(&visit.core, &visit.actor(), branch, search).await?;
    let next = found.next.map(|place| {
        let cursor = cursor::write(&visit.core, &list, &place.bytes());
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", text)
            .append_pair("cursor", &cursor)
            .finish();
        format!("/console/tenants/{tenant}/people?{query}")
    });
    Ok((found.people.iter().map(Row::of).collect(), next))
}

#[derive(Template)]
#[template(path = "console/new_person.html")]
struct New<'a> {
    frame: Frame,
    tenant: TenantId,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    kinds: Vec<Choice>,
    roles: Vec<Choice>,
    languages: Vec<Choice>,
    problem: Option<String>,
}

/// What was typed: address, first and last name, language, kind, role.
type Typed<'a> = [&'a str; 6];

fn form(visit: &Visit, branch: &Branch, typed: Typed<'_>, problem: Option<String>) -> Response {
    let [email, first_name, last_name, language, kind, role] = typed;
    let status = status(&problem);
    let new = New {
        frame: Frame::at(visit, branch, Part::People, "Invite somebody"),
        tenant: branch.tenant().id,
        email,
        first_name,
        last_name,
        kinds: kinds(kind),
        roles: roles(&visit.actor(), branch, role),
        languages: languages(language),
        problem,
    };
    render(status, &new)
}

pub(crate) async fn new(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let typed = ["", "", "", "", Kind::User.as_str(), Role::User.as_str()];
    Ok(form(&viewing.visit, &branch, typed, None))
}

/// The fields of somebody new.
const FIELDS: [&str; 6] = ["email", "first_name", "last_name", "language", "kind", "role"];

/// Makes them and mails them an invitation: nobody but they themselves ever knows their password. Whoever makes somebody who
/// administers proves that it is them.
pub(crate) async fn create(Path(id): Path<String>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let typed = FIELDS.map(|name| posted.text(name));
    let invited = async |visit: &Visit| -> Result<Response, Error> {
        let (new, actor) = (read(typed)?, visit.actor());
        let (core, caller) = (&visit.core, &visit.caller);
        let link = LinkForm::INVITATION;
        let invited = match once::of(&posted, &FIELDS) {
            Some(once) => invite::invite_once(core, caller, &actor, &branch, new, link, once).await?,
            None => Done::Now(invite::invite(core, caller, &actor, &branch, new, link).await?),
        };
        let person = match invited {
            Done::Now((person, _)) => person.id,
            Done::Before(person) => PersonId::new(person),
        };
        Ok(see_other(&format!("/console/tenants/{}/people/{person}?done=invited", branch.tenant().id)))
    };
    let [.., role] = typed;
    if Role::parse(role).is_some_and(Role::administers) {
        return proven!(&posted, |visit, problem| Ok(form(visit, &branch, typed, problem)), |visit| invited(
            visit
        )
        .await);
    }
    match invited(&posted.visit).await {
        Ok(answer) => Ok(answer),
        Err(error) => Ok(form(&posted.visit, &branch, typed, Some(mendable(error)?))),
    }
}

fn read([email, first_name, last_name, language, kind, role]: Typed<'_>) -> Result<NewPerson, Error> {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(NewPerson {
        email: Email::parse(email).map_err(|error| Error::invalid("e-mail_address", error.to_string()))?,
        profile: Profile {
            first_name: given(first_name),
            last_name: given(last_name),
            known_as: None,
            extra: Vec::new(),
        },
        kind: Kind::parse(kind).ok_or_else(|| Error::invalid("kind", "choose one of the list"))?,
        role: Role::parse(role).ok_or_else(|| Error::invalid("role", "choose one of the list"))?,
        standing: None,
        verified: Verified::No,
        password: NewPassword::None,
        notifications: NotificationSettings::default(),
        language: choices::language(language)?,
    })
}

#[cfg(test)]
mod tests {
    use super::isolated;

    #[test]
    fn a_name_turns_nothing_around_it_whatever_marks_are_in_it() {
        assert_eq!(isolated("Uma Okafor".to_owned()), "Uma Okafor");
        for marks in ["\u{202e}\u{2067}x", "א\u{2067}x", "\u{2069}x", "\u{2066}\u{2068}x\u{2069}\u{2069}"] {
            let told = isolated(marks.to_owned());
            let count = |from: char, to: char| told.chars().filter(|sign| (from..=to).contains(sign)).count();
            assert_eq!((count('\u{2066}', '\u{2068}'), count('\u{2069}', '\u{2069}')), (1, 1), "{told:?}");
            assert!(told.starts_with('\u{2068}') && told.ends_with('\u{2069}'), "{told:?}");
        }
    }
}
