//! Resetting a forgotten password: a code by mail (or through a trusted server), then a new password with it.

use crate::links::LinkForm;
use crate::{Branch, Caller, Core, Error, Result};
use doorward_model::{Person, PersonId, PoolId, Secret, TicketId};

/// A code that a trusted server is told, to pass on by its own mail.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The code; the same one while it is open.
    pub code: Secret,
    /// The ticket it stands for (RubiCRM's `PasswordResetID`).
    pub ticket: TicketId,
}

/// What a code must belong to, besides being open. What is `None` is not looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected {
    /// The pool of the door it was brought to; Doorward's own pages know none.
    pub pool: Option<PoolId>,
    /// The person the link named.
    pub person: Option<PersonId>,
    /// The ticket the link named.
    pub ticket: Option<TicketId>,
}

/// Mails a code to whoever has this e-mail and a place at, above or below `branch`.
///
/// `Ok` whatever the e-mail is: known, unknown, inactive, over a quota, no address at all; with the same work (P8).
pub async fn request(
    core: &Core,
    caller: &Caller,
    branch: &Branch,
    email: &str,
    link: LinkForm,
) -> Result<()> {
    let _ = (core, caller, branch, email, link);
    Err(Error::Internal)
}

/// Tells a trusted server a code for one of its people. The caller has checked that the application may be told.
pub async fn issue(core: &Core, caller: &Caller, branch: &Branch, person: &Person) -> Result<Issued> {
    let _ = (core, caller, branch, person);
    Err(Error::Internal)
}

/// Sets a new password with a code of a reset or an invitation, and ends everything else of the person's: sessions,
/// other codes, waits after failures. Access keys stay. Nobody is signed in by it.
///
/// Errors: [`Error::CodeRefused`] for a code that is malformed, unknown, used, expired or not what is `expected`;
/// [`Error::PasswordRefused`] with the reason, and then the code may be used again.
pub async fn finish(
    core: &Core,
    caller: &Caller,
    code: &Secret,
    expected: Expected,
    new: Secret,
) -> Result<Person> {
    let _ = (core, caller, code, expected, new);
    Err(Error::Internal)
}
