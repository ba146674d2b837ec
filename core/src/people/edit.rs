//! Changing what is known of a person.

use super::account::Account;
use super::create::email_taken;
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Result, validation};
use doorward_model::{
    Email, Event, EventKind, NotificationSettings, Person, PersonId, Profile, Purpose, Timestamp, Verified,
};
use doorward_store::{self as store, Tx, events, people, tickets};

/// As long as an e-mail address may be: room for every real name.
const NAME_CHARS: usize = 250;
/// A fact is a line or a short paragraph.
const FACT_CHARS: usize = 2_000;
/// More facts than any dialect has.
const FACTS: usize = 100;
/// What a code that is sent to an address may be for; all of them die with the address.
const MAILED: [Purpose; 5] =
    [Purpose::Reset, Purpose::Validation, Purpose::SelfValidation, Purpose::Invitation, Purpose::SignIn];

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
    edit.check()?;
    let now = core.now();
    let event =
        core.act(caller, actor, EventKind::PersonChanged, (branch.pool(), branch.tenant().id), now)?;
    let validation = validation::Request::prepare(core, caller, branch)?;
    let (actor, branch) = (actor.clone(), branch.clone());
    let written = core.db().write(branch.pool(), move |tx| {
        if let Err(refused) = actor.role_at(&branch) {
            return Ok(Err(refused));
        }
        let Some(account) = Account::find(tx, &branch, id)? else { return Ok(Err(Error::NotFound)) };
        let mut person = account.person.clone();
        let changed = edit.apply(&mut person);
        if let Err(refused) = may(tx, &actor, &account, &changed)? {
            return Ok(Err(refused));
        }
        if !changed.is_empty() {
            write(tx, &mut person, &changed, &event, now)?;
        }
        if changed.contains(&EMAIL) && person.verified == Verified::No {
            // Over a limit no link is mailed; another one can be asked for.
            validation.write(tx, id)?;
        }
        Ok(Ok(person))
    });
    written.await.map_err(email_taken)?
}

/// Whether the actor may change these things of the account.
fn may(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &Account,
    changed: &[&'static str],
) -> Result<Result<()>, store::Error> {
    if !actor.is(account.person.id) {
        return account.administered(tx, actor);
    }
    Ok(if changed.iter().all(is_ones_own) { Ok(()) } else { Err(Error::NotAllowed) })
}

/// Whether people may change this of themselves. A stolen session must not become a stolen account, and the address
/// is where a reset goes.
fn is_ones_own(name: &&str) -> bool {
    !matches!(*name, EMAIL | RESET_REQUIRED)
}

pub(super) fn write(
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

const EMAIL: &str = "email";
const RESET_REQUIRED: &str = "password_reset_required";

impl Edit {
    /// Whether `person` may make this change to themselves, for doors that do more than one thing at once.
    pub fn is_ones_own(&self, person: &Person) -> bool {
        self.apply(&mut person.clone()).iter().all(is_ones_own)
    }

    /// Whether names and facts keep to their limits: [`Error::Invalid`] otherwise. [`edit`] asks this, too; doors that do
    /// more than one thing at once ask before the first.
    pub fn check(&self) -> Result<()> {
        check([&self.first_name, &self.last_name, &self.known_as], &self.extra)
    }

    /// Applies the edit; names what changed by it.
    pub(super) fn apply(&self, person: &mut Person) -> Vec<&'static str> {
        let before = person.clone();
        if let Some(email) = self.email.as_ref().filter(|email| **email != person.email) {
            if email.canonical() != person.email.canonical() {
                person.verified = Verified::No;
            }
            person.email = email.clone();
        }
        self.apply_names(&mut person.profile);
        person.notifications = self.notifications.unwrap_or(person.notifications);
        person.password_reset_required =
            self.password_reset_required.unwrap_or(person.password_reset_required);
        let changes = [
            (EMAIL, person.email != before.email),
            ("profile", person.profile != before.profile),
            ("notifications", person.notifications != before.notifications),
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
pub(super) fn check_profile(profile: &Profile) -> Result<()> {
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
