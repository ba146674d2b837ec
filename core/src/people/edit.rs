//! Changing what is known of a person.

use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Email, NotificationSettings, Person, PersonId};

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
    let _ = (core, caller, actor, branch, id, edit);
    Err(Error::Internal)
}
