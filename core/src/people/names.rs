//! Names: what a person is called, changed by themselves or by a server that the tenant trusts.

use super::edit::{self, Edit};
use crate::{Branch, Caller, Core, Error, Result, Speaker};
use doorward_model::{Event, EventKind, Person, PersonId};
use doorward_store::people;

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

/// Changes a person's names and nothing else, by the rules of [`super::edit`]. Errors: as of [`Speaker`];
/// [`Error::Invalid`] for what is no name.
pub async fn rename(
    core: &Core,
    caller: &Caller,
    speaker: &Speaker,
    branch: &Branch,
    person: PersonId,
    names: Names,
) -> Result<Person> {
    let edit = Edit::from(names);
    edit.check()?;
    let person = speaker.speaks_for(core, branch, person).await?.id;
    let now = core.now();
    let event = speaker.sign(core.event(caller, EventKind::PersonChanged, now)?);
    let event = Event { tenant: Some(branch.tenant().id), ..event };
    core.db()
        .write(branch.pool(), move |tx| {
            let Some(mut person) = people::find(tx, person)? else { return Ok(Err(Error::NotFound)) };
            let changed = edit.apply(&mut person);
            if !changed.is_empty() {
                edit::write(tx, &mut person, &changed, &event, now)?;
            }
            Ok(Ok(person))
        })
        .await?
}

impl From<Names> for Edit {
    fn from(names: Names) -> Self {
        Self { first_name: names.first, last_name: names.last, known_as: names.known_as, ..Self::default() }
    }
}
