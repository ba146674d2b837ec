//! Telling a code to a trusted server, which mails it in its own words (dialects: RubiCRM `LoginReset`).

use crate::record::about;
use crate::{Branch, Caller, Core, Error, Result, tickets};
use doorward_model::{Event, EventKind, Person, PersonStatus, Purpose, Secret, TicketId};
use doorward_store::{events, people};

/// A code that a trusted server is told, to pass on by its own mail.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The code.
    pub code: Secret,
    /// The ticket it stands for (RubiCRM's `PasswordResetID`).
    pub ticket: TicketId,
}

/// Tells a trusted server a code for one of its people; older ones are void. The caller has checked that the application
/// may be told. [`Error::NotFound`] for somebody who may not sign in.
pub async fn issue(core: &Core, caller: &Caller, branch: &Branch, person: &Person) -> Result<Issued> {
    let (now, pool, tenant) = (core.now(), branch.pool(), branch.tenant().id);
    if person.pool != pool {
        return Err(Error::NotFound);
    }
    // Derived, so that `finish` knows it was told and not mailed: it proves no address.
    let prepared = tickets::derived(core, pool, now)?;
    let event = Event {
        pool: Some(pool),
        tenant: Some(tenant),
        detail: Some("told to a trusted server".to_owned()),
        ..core.event(caller, EventKind::ResetRequested, now)?
    };
    let issued = Issued { code: prepared.code.secret.clone(), ticket: prepared.id };
    let lifetime = branch.policy().reset_lifetime;
    let (core, caller, id) = (core.clone(), caller.clone(), person.id);
    let db = core.db().clone();
    let written = db.write(pool, move |tx| {
        let person = people::find(tx, id)?.filter(|person| person.status == PersonStatus::Active);
        let Some(person) = person else { return Ok(Err(Error::NotFound)) };
        tickets::issue(&core, tx, &caller, &prepared, Purpose::Reset, &person, tenant, lifetime)?;
        events::insert(tx, &about(event.clone(), &person))?;
        Ok(Ok(()))
    });
    written.await??;
    Ok(issued)
}
