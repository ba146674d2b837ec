//! `doorward person …` carried out.

use super::Desk;
use super::reply::{Answer, sentence};
use super::shown::{self, short_time};
use super::table::{card, table};
use super::tenants;
use crate::cli::Failure;
use crate::cli::person::{About, Action, Place};
use doorward_core::links::LinkForm;
use doorward_core::people::{self, Edit, NewPassword, NewPerson, OrderBy, Wish};
use doorward_core::{Branch, Error, Part, feed, invite, memberships, passwords};
use doorward_crypto::{Random, hex};
use doorward_model::{
    Email, Kind, Language, Membership, NotificationSettings, Person, Profile, Role, Secret, Verified,
};
use serde_json::{Value, json};

/// 80 bits: typed once, then changed by its owner.
const PASSWORD_BYTES: usize = 10;
/// Every kind of place.
pub(super) const EVERY_KIND: &[Kind] = &[Kind::Administrator, Kind::Member, Kind::Contact, Kind::User];

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    match action {
        Action::List { tenant, search, start, rows } => list(desk, &tenant, search, start, rows).await,
        Action::Show { tenant, email } => show(desk, &find(desk, &tenant, &email).await?).await,
        Action::Create { tenant, email, about, place, password, .. } => {
            let generated = match password {
                Some(_) => None,
                None => Some(generate()?),
            };
            let chosen = password.map(|given| given.secret()).or_else(|| generated.clone());
            let password = chosen.map_or(NewPassword::None, NewPassword::Chosen);
            create(desk, &tenant, new(&email, about, &place, password)?, generated).await
        }
        Action::Invite { tenant, email, about, place } => invited(desk, &tenant, &email, about, &place).await,
        Action::Edit { tenant, email, about, new_email } => {
            let found = find(desk, &tenant, &email).await?;
            let About { first_name, last_name, known_as, language: tag } = about;
            let language = tag.as_deref().map(language).transpose()?;
            let email = new_email.as_deref().map(address).transpose()?;
            let edit = Edit { email, first_name, last_name, known_as, language, ..Edit::default() };
            let Desk { core, caller, actor } = desk;
            let edited = people::edit(core, caller, actor, &found.branch, found.person.id, edit).await;
            let person = edited.map_err(|error| refused(error, &found))?;
            show(desk, &Found { person, branch: found.branch }).await
        }
        Action::ResetPassword { tenant, email, generate } => reset(desk, &tenant, &email, generate).await,
        Action::Disable { tenant, email } => {
            let found = find(desk, &tenant, &email).await?;
            let ended =
                people::disable(desk.core, &desk.caller, &desk.actor, &found.branch, found.person.id).await;
            ended
                .map_err(|error| refused(error, &found))
                .map(|it| done(&it, "is disabled; sessions and keys ended"))
        }
        Action::Enable { tenant, email } => {
            let found = find(desk, &tenant, &email).await?;
            let back =
                people::enable(desk.core, &desk.caller, &desk.actor, &found.branch, found.person.id).await;
            back.map_err(|error| refused(error, &found)).map(|it| done(&it, "may sign in again"))
        }
        Action::RotateFeed { tenant, email } => {
            let found = find(desk, &tenant, &email).await?;
            let anew =
                feed::rotate(desk.core, &desk.caller, &desk.actor, &found.branch, found.person.id).await;
            anew.map_err(|error| refused(error, &found)).map(|it| done(&it, "has a new calendar address"))
        }
        Action::Delete { tenant, email } => {
            let found = find(desk, &tenant, &email).await?;
            let gone =
                people::delete(desk.core, &desk.caller, &desk.actor, &found.branch, found.person.id).await;
            gone.map_err(|error| refused(error, &found)).map(|it| done(&it, "is deleted"))
        }
    }
}

/// Somebody, and a place from which they are administered.
pub(super) struct Found {
    pub(super) person: Person,
    pub(super) branch: Branch,
}

/// The person of an e-mail in a tenant's tree.
pub(super) async fn find(desk: &Desk<'_>, tenant: &str, email: &str) -> Result<Found, Failure> {
    let branch = tenants::find(desk, tenant).await?;
    let what = format!("person {email} in the tree of {tenant}");
    let person = people::by_email(desk.core, branch.pool(), &address(email)?).await;
    let person = person.map_err(|error| sentence(error, &what))?;
    let places = memberships::of_person(desk.core, &desk.actor, &person).await;
    let places = places.map_err(|error| sentence(error, &what))?;
    // The named tenant where they have a place that reaches it, else where they do have one.
    let is_here = places.iter().any(|(place, _)| branch.contains(place.tenant));
    let elsewhere = places.into_iter().next().map(|(_, branch)| branch);
    let branch = if is_here { branch } else { elsewhere.unwrap_or(branch) };
    Ok(Found { person, branch })
}

async fn list(
    desk: &Desk<'_>,
    tenant: &str,
    search: Option<String>,
    start: usize,
    rows: usize,
) -> Result<Answer, Failure> {
    let branch = tenants::find(desk, tenant).await?;
    let part = Part { start, rows };
    let wish = Wish { kinds: EVERY_KIND, search, order: OrderBy::Email, descending: false, part };
    let page = people::list(desk.core, &desk.actor, &branch, wish).await;
    let page = page.map_err(|error| sentence(error, &format!("tenant {tenant}")))?;
    let cells = |it: &people::Listed| {
        let person = &it.person;
        [
            person.email.as_written().to_owned(),
            person.number.to_string(),
            person.profile.full_name(),
            it.role.as_str().to_owned(),
            person.status.as_str().to_owned(),
            person.verified.as_str().to_owned(),
        ]
    };
    let rows: Vec<[String; 6]> = page.items.iter().map(cells).collect();
    let heading = ["e-mail", "number", "name", "role", "status", "verified"];
    let mut text = table(heading, &rows, "Nobody here.");
    if page.items.len() < page.total {
        text.push_str(&format!("{} of {}; --start and --rows show others.\n", page.items.len(), page.total));
    }
    let people: Vec<Value> = page.items.iter().map(shown::listed).collect();
    Ok(Answer { text, data: json!({ "total": page.total, "start": page.start, "people": people }) })
}

async fn show(desk: &Desk<'_>, found: &Found) -> Result<Answer, Failure> {
    let places = memberships::of_person(desk.core, &desk.actor, &found.person).await;
    let places = places.map_err(|error| refused(error, found))?;
    let person = &found.person;
    let mut fields = vec![
        ("e-mail", person.email.as_written().to_owned()),
        ("name", person.profile.full_name()),
        ("known as", person.profile.known_as.clone().unwrap_or_default()),
        ("number", person.number.to_string()),
        ("status", person.status.as_str().to_owned()),
        ("verified", person.verified.as_str().to_owned()),
        ("id", person.id.to_string()),
        ("made", short_time(person.created_at)),
    ];
    fields.extend(places.iter().map(|(place, branch)| ("place", told(place, branch))));
    let mut data = shown::person(person);
    if let Some(object) = data.as_object_mut() {
        let shown =
            |(place, branch): &(_, Branch)| shown::membership(place, person, branch.tenant().slug.as_str());
        object.insert("memberships".to_owned(), places.iter().map(shown).collect());
    }
    Ok(Answer { text: card(&fields), data })
}

fn told(place: &Membership, branch: &Branch) -> String {
    format!("{} {} in {}", place.kind.as_str(), place.role.as_str(), branch.tenant().slug)
}

async fn create(
    desk: &Desk<'_>,
    tenant: &str,
    new: NewPerson,
    generated: Option<Secret>,
) -> Result<Answer, Failure> {
    let branch = tenants::find(desk, tenant).await?;
    let email = new.email.clone();
    let made = people::create(desk.core, &desk.caller, &desk.actor, &branch, new).await;
    let (person, _) = made.map_err(|error| sentence(error, &format!("person {email}")))?;
    let mut answer = show(desk, &Found { person, branch }).await?;
    if let Some(password) = generated {
        append_secret(&mut answer, "password", &password);
    }
    Ok(answer)
}

async fn invited(
    desk: &Desk<'_>,
    tenant: &str,
    email: &str,
    about: About,
    place: &Place,
) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    let branch = tenants::find(desk, tenant).await?;
    let known = people::by_email(core, branch.pool(), &address(email)?).await;
    let person = match known {
        Ok(_) => {
            let found = find(desk, tenant, email).await?;
            if about != About::default() {
                let sentence = format!("{email} is somebody already, who is invited once more as they are.");
                let hint = "Change names and language with `doorward person edit`, then invite them without.";
                return Err(Failure::new(sentence).hint(hint));
            }
            let again =
                invite::again(core, caller, actor, &found.branch, found.person.id, LinkForm::INVITATION)
                    .await;
            again.map_err(|error| refused(error, &found))?;
            found.person
        }
        Err(Error::NotFound) => {
            let new = new(email, about, place, NewPassword::None)?;
            let invited = invite::invite(core, caller, actor, &branch, new, LinkForm::INVITATION).await;
            invited.map_err(|error| sentence(error, &format!("person {email}")))?.0
        }
        Err(error) => return Err(sentence(error, &format!("person {email}"))),
    };
    Ok(done(&person, "is invited by mail"))
}

async fn reset(desk: &Desk<'_>, tenant: &str, email: &str, make: bool) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    let found = find(desk, tenant, email).await?;
    if !make {
        let written = found.person.email.as_written();
        let (branch, link) = (&found.branch, LinkForm::RESET);
        let asked = passwords::reset::request_as(core, caller, actor, branch, written, link).await;
        asked.map_err(|error| refused(error, &found))?;
        let what = "gets a mail with a link";
        return Ok(done(&found.person, what));
    }
    let password = generate()?;
    let (branch, id) = (&found.branch, found.person.id);
    let set = passwords::set(core, caller, actor, branch, id, password.clone(), true).await;
    let person = set.map_err(|error| refused(error, &found))?;
    let mut answer = done(&person, "must choose a new password after signing in with this one");
    append_secret(&mut answer, "password", &password);
    Ok(answer)
}

fn new(email: &str, about: About, place: &Place, password: NewPassword) -> Result<NewPerson, Failure> {
    let About { first_name, last_name, known_as, language: tag } = about;
    Ok(NewPerson {
        email: address(email)?,
        profile: Profile { first_name, last_name, known_as, extra: Vec::new() },
        kind: kind(&place.kind)?,
        role: role(&place.role)?,
        standing: None,
        verified: Verified::No,
        password,
        notifications: NotificationSettings::default(),
        language: tag.as_deref().map(language).transpose()?.flatten(),
    })
}

/// As what somebody belongs to a tenant.
pub(super) fn kind(text: &str) -> Result<Kind, Failure> {
    let expected = || Failure::usage("--kind: expected administrator, member, contact or user.");
    Kind::parse(text).ok_or_else(expected)
}

/// With which rights.
pub(super) fn role(text: &str) -> Result<Role, Failure> {
    Role::parse(text).ok_or_else(|| Failure::usage("--role: expected owner, admin, user or callcentre."))
}

/// What somebody is written to in; nothing is as their tenant says.
fn language(tag: &str) -> Result<Option<Language>, Failure> {
    if tag == "default" {
        return Ok(None);
    }
    let expected = || Failure::usage("--language: expected en, de, fr or default.");
    Language::parse(tag).map(Some).ok_or_else(expected)
}

fn address(text: &str) -> Result<Email, Failure> {
    Email::parse(text).map_err(|error| Failure::usage(format!("{text:?}: {error}.")))
}

fn refused(error: Error, found: &Found) -> Failure {
    sentence(error, &format!("person {}", found.person.email))
}

fn done(person: &Person, what: &str) -> Answer {
    Answer { text: format!("{} {what}.\n", person.email), data: shown::person(person) }
}

/// Adds a secret that is shown this once.
pub(super) fn append_secret(answer: &mut Answer, name: &str, secret: &Secret) {
    answer.text.push_str(&format!("{name}, shown this once: {}\n", secret.expose()));
    if let Some(object) = answer.data.as_object_mut() {
        object.insert(name.to_owned(), json!(secret.expose()));
    }
}

fn generate() -> Result<Secret, Failure> {
    let bytes: [u8; PASSWORD_BYTES] =
        Random::os().bytes().map_err(|error| Failure::new(format!("{error}.")))?;
    let digits: Vec<char> = hex(&bytes).chars().collect();
    let groups: Vec<String> = digits.chunks(5).map(|group| group.iter().collect()).collect();
    Ok(Secret::new(groups.join("-")))
}
