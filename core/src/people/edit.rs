//! Changing what is known of a person.

use super::revise::{Revision, revise};
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{
    Email, Event, Language, NotificationSettings, Person, PersonId, Profile, Purpose, Timestamp, Verified,
};
use doorward_store::{self as store, Tx, events, people, tickets};

/// As long as an e-mail address may be: room for every real name.
const NAME_CHARS: usize = 250;
/// A fact is a line or a short paragraph.
const FACT_CHARS: usize = 2_000;
/// More facts than any dialect has.
const FACTS: usize = 100;
/// What a code that is sent to an address may be for; all of them die with the address.
const MAILED: [Purpose; 6] = [
    Purpose::Reset,
    Purpose::Validation,
    Purpose::SelfValidation,
    Purpose::Invitation,
    Purpose::SignIn,
    Purpose::EmailChange,
];

/// What is to change; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Where they are written to; administrators only. A new address is not verified, and open codes die.
    pub email: Option<Email>,
    /// First name; the empty text removes it.
    pub first_name: Option<String>,
    /// Last name; the empty text removes it.
    pub last_name: Option<String>,
    /// What they like to be called; the empty text removes it.
    pub known_as: Option<String>,
    /// Facts of one dialect by its own names; the empty text removes one.
    pub extra: Vec<(String, String)>,
    /// Which mails they want.
    pub notifications: Option<NotificationSettings>,
    /// What they read; `Some(None)` is as the tenant says.
    pub language: Option<Option<Language>>,
    /// Whether they must choose a new password; administrators only.
    pub password_reset_required: Option<bool>,
}

/// Changes a person of `branch`: themselves, or as administrator of every place they have.
///
/// Errors: [`Error::NotFound`] for anybody else, [`Error::NotAllowed`], [`Error::Conflict`] for an e-mail somebody has.
pub async fn edit(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
    edit: Edit,
) -> Result<Person> {
    let revision = Revision { edit, ..Revision::default() };
    revise(core, caller, actor, branch, id, revision).await
}

/// Whether people may change this of themselves. A stolen session must not become a stolen account, and the address
/// is where a reset goes.
pub(crate) fn is_ones_own(name: &&'static str) -> bool {
    !matches!(*name, EMAIL | RESET_REQUIRED)
}

/// Writes what changed, and tells of it.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    person: &mut Person,
    changed: &[&'static str],
    event: &Event,
    now: Timestamp,
) -> Result<(), store::Error> {
    person.modified_at = now;
    person.version += 1;
    people::update(tx, person)?;
    if changed.contains(&EMAIL) {
        for purpose in MAILED {
            tickets::void(tx, person.id, purpose, now)?;
        }
    }
    events::insert(tx, &about(Event { detail: Some(changed.join(", ")), ..event.clone() }, person))
}

pub(super) const EMAIL: &str = "email";
const RESET_REQUIRED: &str = "password_reset_required";

impl Edit {
    /// Whether names and facts keep to their limits: [`Error::Invalid`] otherwise.
    pub(crate) fn check(&self) -> Result<()> {
        check([&self.first_name, &self.last_name, &self.known_as], &self.extra)
    }

    /// Applies the edit; names what changed by it.
    pub(crate) fn apply(&self, person: &mut Person) -> Vec<&'static str> {
        let before = person.clone();
        if let Some(email) = self.email.as_ref().filter(|email| **email != person.email) {
            if email.canonical() != person.email.canonical() {
                person.verified = Verified::No;
            }
            person.email = email.clone();
        }
        self.apply_names(&mut person.profile);
        person.notifications = self.notifications.unwrap_or(person.notifications);
        person.language = self.language.unwrap_or(person.language);
        person.password_reset_required =
            self.password_reset_required.unwrap_or(person.password_reset_required);
        let changes = [
            (EMAIL, person.email != before.email),
            ("profile", person.profile != before.profile),
            ("notifications", person.notifications != before.notifications),
            ("language", person.language != before.language),
            (RESET_REQUIRED, person.password_reset_required != before.password_reset_required),
        ];
        changes.into_iter().filter_map(|(name, is_changed)| is_changed.then_some(name)).collect()
    }

    fn apply_names(&self, profile: &mut Profile) {
        let set = |field: &mut Option<String>, said: &Option<String>| {
            if let Some(said) = said {
                *field = Some(said.clone()).filter(|said| !said.is_empty());
            }
        };
        set(&mut profile.first_name, &self.first_name);
        set(&mut profile.last_name, &self.last_name);
        set(&mut profile.known_as, &self.known_as);
        for (name, value) in &self.extra {
            match profile.extra.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => known.clone_from(value),
                None => profile.extra.push((name.clone(), value.clone())),
            }
        }
        profile.extra.retain(|(_, value)| !value.is_empty());
    }
}

/// Refuses what is no profile, whoever makes or changes a person.
pub(crate) fn check_profile(profile: &Profile) -> Result<()> {
    check([&profile.first_name, &profile.last_name, &profile.known_as], &profile.extra)
}

fn check(names: [&Option<String>; 3], facts: &[(String, String)]) -> Result<()> {
    for (field, name) in ["first_name", "last_name", "known_as"].into_iter().zip(names) {
        if name.as_ref().is_some_and(|name| !is_one_line(name)) {
            return Err(Error::invalid(
                field,
                format!("expected one line of at most {NAME_CHARS} characters"),
            ));
        }
    }
    let is_short = |(name, value): &(String, String)| name.len() <= NAME_CHARS && value.len() <= FACT_CHARS;
    if facts.len() > FACTS || !facts.iter().all(is_short) {
        return Err(Error::invalid("extra", "too many or too long facts"));
    }
    Ok(())
}

/// Names stand in the greetings of mails and in single fields of forms.
fn is_one_line(name: &str) -> bool {
    name.chars().count() <= NAME_CHARS && !name.chars().any(char::is_control)
}
