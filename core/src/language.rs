//! What somebody reads, learnt from the request with which they proved who they are. A choice of their own stands above it.

use crate::Caller;
use doorward_model::Person;
use doorward_store::{Error, Tx, people};

/// Remembers what `caller`, who was just proven to be `person`, asks to read, if nothing is known of it.
pub(crate) fn learn(tx: &mut Tx<'_>, person: &mut Person, caller: &Caller) -> Result<(), Error> {
    if let (None, Some(language)) = (person.language, caller.language) {
        people::learn_language(tx, person.id, language)?;
        person.language = Some(language);
    }
    Ok(())
}
