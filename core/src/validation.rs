//! Validating an address: who holds a code proves that something sent to them arrived.
//!
//! The codes of a login answer only show that the answer was read, so they satisfy RubiCRM's door and no other;
//! a mailed link satisfies every door. Neither takes away what was proven before.

use crate::links::{self, LinkForm};
use crate::record::about;
use crate::tickets::{self, Told};
use crate::{Branch, Caller, Core, Result, mail_limits, outbox};
use doorward_crypto::HashPurpose;
use doorward_model::{
    Event, EventKind, MailKind, Person, PersonId, PersonStatus, PoolId, Purpose, Secret, TenantId, Ticket,
    TicketId, Timestamp, Verified,
};
use doorward_store::{Error as StoreError, Tx, events, lookup, people, tickets as store};
use std::time::Duration;

/// P11: "validation 1 h".
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The codes a login answer shows to someone whose address is not verified; `None` for everybody else. The same codes
/// for as long as they are open (dialects: RubiCRM "stable within it").
pub async fn codes(core: &Core, caller: &Caller, person: &Person, tenant: TenantId) -> Result<Option<Told>> {
    if person.verified != Verified::No {
        return Ok(None);
    }
    let (now, id, pool) = (core.now(), person.id, person.pool);
    let fresh = tickets::derived(core, pool, now)?;
    let (op, caller) = (core.clone(), caller.clone());
    let shown = core.db().write(pool, move |tx| {
        let Some(person) = people::find(tx, id)?.filter(is_unproven) else { return Ok(None) };
        if let Some(open) = printable(&op, tx, &person, now)? {
            return Ok(Some(open));
        }
        tickets::issue(&op, tx, &caller, &fresh, Purpose::SelfValidation, &person, tenant, LIFETIME)?;
        Ok(Some(Told { id: fresh.id, code: fresh.code.secret.clone() }))
    });
    Ok(shown.await?)
}

/// Uses up the codes of a login answer. `true` for exactly one caller (P4); `false` for codes that are wrong, used,
/// expired, or of another pool.
pub async fn validate(
    core: &Core,
    caller: &Caller,
    pool: PoolId,
    code: &Secret,
    id: TicketId,
) -> Result<bool> {
    let found = tickets::find(core, Purpose::SelfValidation, code).await?;
    match found.filter(|(ticket, _)| ticket.pool == pool && ticket.id == id) {
        Some((ticket, _)) => finish(core, caller, ticket, Verified::BySelf).await,
        None => Ok(false),
    }
}

/// Mails a link that verifies the address for every door; older links are void. Somebody whose address is verified
/// for every door already, who is not active, or who was mailed too often lately, is mailed nothing, and so is
/// everybody once the pool caused its mails for this hour (P23). Whoever asked is not told (P8).
///
/// Errors: [`crate::Error::Throttled`] when the caller's address asked too often, whomever it asked for.
pub async fn request(core: &Core, caller: &Caller, branch: &Branch, person: PersonId) -> Result<()> {
    let request = Request::prepare(core, caller, branch)?;
    let written = core.db().write(branch.pool(), move |tx| {
        let Request { core, caller, branch, now, .. } = &request;
        match mail_limits::admit_caller(core, tx, caller, &branch.policy(), *now)? {
            Ok(()) => request.write(tx, person).map(Ok),
            Err(throttled) => Ok(Err(throttled)),
        }
    });
    written.await?
}

/// Uses up the code of a mailed link. `true` for exactly one caller. A link that names somebody must name whose
/// code it is: `expected`.
pub async fn confirm_mail(
    core: &Core,
    caller: &Caller,
    code: &Secret,
    expected: Option<PersonId>,
) -> Result<bool> {
    let found = tickets::find(core, Purpose::Validation, code).await?;
    match found.filter(|(ticket, _)| expected.is_none_or(|named| named == ticket.person)) {
        Some((ticket, _)) => finish(core, caller, ticket, Verified::ByMail).await,
        None => Ok(false),
    }
}

/// Everything needed to mail a link inside the transaction that makes it necessary, made before it.
pub(crate) struct Request {
    core: Core,
    caller: Caller,
    branch: Branch,
    ticket: tickets::Prepared,
    mail: outbox::Prepared,
    event: Event,
    now: Timestamp,
}

impl Request {
    pub(crate) fn prepare(core: &Core, caller: &Caller, branch: &Branch) -> Result<Self> {
        let now = core.now();
        Ok(Self {
            ticket: tickets::random(core, now)?,
            mail: outbox::Prepared::new(core, now)?,
            event: core.event(caller, EventKind::ValidationRequested, now)?,
            core: core.clone(),
            caller: caller.clone(),
            branch: branch.clone(),
            now,
        })
    }

    /// As [`request`], for a person of this pool, on the word of somebody who may change them.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, person: PersonId) -> Result<(), StoreError> {
        let waits =
            |person: &Person| person.status == PersonStatus::Active && !person.verified.for_all_doors();
        let Some(person) = people::find(tx, person)?.filter(waits) else { return Ok(()) };
        let (purpose, tenant) = (Purpose::Validation, self.branch.tenant().id);
        let is_over_quota = outbox::is_over_quota(tx, &self.branch.policy(), self.now)?;
        let code = (purpose, LIFETIME);
        if !mail_limits::admit_mail(&self.core, tx, &person.email, code, !is_over_quota, self.now)? {
            return Ok(());
        }
        tickets::issue(&self.core, tx, &self.caller, &self.ticket, purpose, &person, tenant, LIFETIME)?;
        outbox::queue(&self.core, tx, &self.mail, MailKind::Validation, &self.content(&person))?;
        events::insert(tx, &about(Event { tenant: Some(tenant), ..self.event.clone() }, &person))
    }

    fn content(&self, person: &Person) -> outbox::Content {
        let mut content = outbox::content_for(person, &self.branch);
        let code = &self.ticket.code.secret;
        content.link = Some(links::url(&self.core, &LinkForm::VALIDATION, person.id, code));
        content.details.insert("expires".to_owned(), self.now.plus(LIFETIME).micros().to_string());
        content
    }
}

fn is_unproven(person: &Person) -> bool {
    person.status == PersonStatus::Active && person.verified == Verified::No
}

/// The open codes, if they can be printed again: one made under an earlier key file's key cannot.
fn printable(
    core: &Core,
    tx: &mut Tx<'_>,
    person: &Person,
    now: Timestamp,
) -> Result<Option<Told>, StoreError> {
    for ticket in store::list_open(tx, person.id, Purpose::SelfValidation, now, core.epoch())? {
        let code = tickets::code_of(core, &ticket);
        let hash = core.minted(HashPurpose::TicketCode, code.expose().to_owned()).hash;
        let leads_here = lookup::tickets::find(tx, &hash)? == Some((ticket.pool, ticket.id));
        if leads_here && ticket.generation == person.auth_generation {
            return Ok(Some(Told { id: ticket.id, code }));
        }
    }
    Ok(None)
}

async fn finish(core: &Core, caller: &Caller, ticket: Ticket, how: Verified) -> Result<bool> {
    let (now, epoch, pool, language) = (core.now(), core.epoch(), ticket.pool, caller.language);
    let event = Event {
        tenant: Some(ticket.tenant),
        detail: Some(how.as_str().to_owned()),
        ..core.event(caller, EventKind::EmailValidated, now)?
    };
    let written = core.db().write(pool, move |tx| {
        if !Branch::read(tx, ticket.tenant)?.is_some_and(|branch| branch.is_open()) {
            return Ok(false);
        }
        let Some(person) = tickets::redeem(tx, &ticket, now, epoch)? else { return Ok(false) };
        let (verified, language) = (proven(person.verified, how), person.language.or(language));
        people::update(tx, &Person { verified, language, modified_at: now, ..person.clone() })?;
        events::insert(tx, &about(event.clone(), &person))?;
        Ok(true)
    });
    Ok(written.await?)
}

/// What is known after one more proof; never less than before.
fn proven(before: Verified, how: Verified) -> Verified {
    match before {
        Verified::No | Verified::BySelf => how,
        Verified::ByMail | Verified::ByAdministrator => before,
    }
}
