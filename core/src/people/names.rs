//! Names: what a person is called, changed by themselves or by a server that the tenant trusts.

use crate::record::about;
use crate::{Branch, Caller, Core, Error, Result, Speaker};
use doorward_model::{Event, EventKind, Person, PersonId, Profile};
use doorward_store::{events, people};

/// As long as RubiCRM's forms allow, and longer than any name in use.
const NAME_CHARS: usize = 100;

/// New names; `None` leaves one as it is, the empty text removes it.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// First name.
    pub first: Option<String>,
    /// Last name.
    pub last: Option<String>,
    /// What they like to be called.
    pub known_as: Option<String>,
}

/// Changes a person's names and nothing else. Errors: as of [`Speaker`]; [`Error::Invalid`] for what is no name.
pub async fn rename(
    core: &Core,
    caller: &Caller,
    speaker: &Speaker,
    branch: &Branch,
    person: PersonId,
    names: Names,
) -> Result<Person> {
    names.check()?;
    let person = speaker.speaks_for(core, branch, person).await?.id;
    let now = core.now();
    let event = speaker.sign(core.event(caller, EventKind::PersonChanged, now)?);
    let event = Event { tenant: Some(branch.tenant().id), detail: Some("names".to_owned()), ..event };
    core.db()
        .write(branch.pool(), move |tx| {
            let Some(known) = people::find(tx, person)? else { return Ok(Err(Error::NotFound)) };
            let profile = names.replace(known.profile.clone());
            let renamed = Person { profile, modified_at: now, ..known };
            people::update(tx, &renamed)?;
            events::insert(tx, &about(event.clone(), &renamed))?;
            Ok(Ok(renamed))
        })
        .await?
}

impl Names {
    fn check(&self) -> Result<()> {
        let fields = [("first_name", &self.first), ("last_name", &self.last), ("known_as", &self.known_as)];
        for (field, name) in fields {
            let name = name.as_deref().unwrap_or_default();
            if name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
                let problem = format!("expected one line of at most {NAME_CHARS} characters");
                return Err(Error::invalid(field, problem));
            }
        }
        Ok(())
    }

    fn replace(&self, known: Profile) -> Profile {
        let new = |name: &Option<String>, known: Option<String>| match name {
            Some(name) => Some(name.clone()).filter(|name| !name.is_empty()),
            None => known,
        };
        Profile {
            first_name: new(&self.first, known.first_name),
            last_name: new(&self.last, known.last_name),
            known_as: new(&self.known_as, known.known_as),
            extra: known.extra,
        }
    }
}
