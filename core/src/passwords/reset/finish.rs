//! Setting a new password with a code. Bad codes are found before anything is hashed; the claim is the write (P4).

use crate::passwords::prepare_for;
use crate::passwords::replace::Replacement;
use crate::{Branch, Caller, Core, Error, Result, tenants, tickets};
use doorward_model::{
    Event, EventKind, Person, PersonId, PersonStatus, PoolId, Purpose, Secret, Ticket, TicketId, Verified,
};

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
    let (ticket, person) = find(core, code).await?;
    if !expected.fits(&ticket) {
        return Err(Error::CodeRefused);
    }
    let branch = open_branch(core, &ticket).await?;
    let hash = prepare_for(core, &branch, &person, &new).await?;
    let was_mailed = !tickets::is_derived(core, &ticket, code);
    let now = core.now();
    let event = Event {
        tenant: Some(ticket.tenant),
        detail: Some(ticket.purpose.as_str().to_owned()),
        ..core.event(caller, EventKind::PasswordReset, now)?
    };
    let replacement = Replacement::new(core, caller, &branch, hash, event)?;
    let (epoch, language) = (core.epoch(), caller.language);
    let written = core.db().write(ticket.pool, move |tx| {
        let person = tickets::redeem(tx, &ticket, now, epoch)?;
        let Some(person) = person.filter(|person| person.status == PersonStatus::Active) else {
            return Ok(Err(Error::CodeRefused));
        };
        // Only whoever reads the mail knows its code; a door's own program brings it for them without a language.
        let language = person.language.or(language);
        let verified = verified(&person, was_mailed);
        let person = Person { password_reset_required: false, verified, language, ..person };
        replacement.write(tx, person, None).map(Ok)
    });
    written.await?
}

impl Expected {
    fn fits(&self, ticket: &Ticket) -> bool {
        self.pool.is_none_or(|pool| pool == ticket.pool)
            && self.person.is_none_or(|person| person == ticket.person)
            && self.ticket.is_none_or(|id| id == ticket.id)
    }
}

async fn find(core: &Core, code: &Secret) -> Result<(Ticket, Person)> {
    for purpose in [Purpose::Reset, Purpose::Invitation] {
        if let Some(found) = tickets::find(core, purpose, code).await? {
            return Ok(found);
        }
    }
    Err(Error::CodeRefused)
}

/// Where the code was asked for; a tenant that was closed since gives nobody a password.
async fn open_branch(core: &Core, ticket: &Ticket) -> Result<Branch> {
    match tenants::by_id(core, ticket.pool, ticket.tenant).await {
        Ok(branch) if branch.is_open() => Ok(branch),
        Ok(_) | Err(Error::NotFound) => Err(Error::CodeRefused),
        Err(fault) => Err(fault),
    }
}

/// A mailed code came back, so the mail arrived. Nothing is lowered.
fn verified(person: &Person, was_mailed: bool) -> Verified {
    if was_mailed && !person.verified.for_all_doors() { Verified::ByMail } else { person.verified }
}
