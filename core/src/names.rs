//! Who and what ids are, for lists that people read. Each name is read once in a transaction.

use doorward_model::{ApplicationId, Person, PersonId, TenantId};
use doorward_store::{Error as StoreError, Tx, applications, people, tenants};
use std::collections::HashMap;

/// How people call a person: as they like to be called, else by name, else by e-mail.
pub(crate) fn called(person: &Person) -> String {
    let liked = person.profile.known_as.clone().filter(|name| !name.is_empty());
    let full = || Some(person.profile.full_name()).filter(|name| !name.is_empty());
    liked.or_else(full).unwrap_or_else(|| person.email.as_written().to_owned())
}

/// Names that were read.
#[derive(Default)]
pub(crate) struct Known {
    people: HashMap<PersonId, Option<String>>,
    tenants: HashMap<TenantId, Option<String>>,
    applications: HashMap<ApplicationId, Option<String>>,
}

impl Known {
    pub(crate) fn person(&mut self, tx: &mut Tx<'_>, id: PersonId) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let name = people::find(tx, id)?.map(|person| called(&person));
        self.people.insert(id, name.clone());
        Ok(name)
    }

    pub(crate) fn tenant(&mut self, tx: &mut Tx<'_>, id: TenantId) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.tenants.get(&id) {
            return Ok(known.clone());
        }
        let name = tenants::find(tx, id)?.map(|tenant| tenant.display_name);
        self.tenants.insert(id, name.clone());
        Ok(name)
    }

    pub(crate) fn application(
        &mut self,
        tx: &mut Tx<'_>,
        id: ApplicationId,
    ) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.applications.get(&id) {
            return Ok(known.clone());
        }
        let name = applications::find(tx, id)?.map(|stored| stored.application.name);
        self.applications.insert(id, name.clone());
        Ok(name)
    }
}
