//! Changing one's own address: asked for with the password, told to the present address, and done by a link that is mailed to
//! the new one. A stolen session must not become a stolen account, and the address is where a reset goes.

use super::Edit;
use super::edit;
use crate::links::{self, LinkForm};
use crate::passwords::prove::{Proof, still_signed_in};
use crate::passwords::reset::SOONEST;
use crate::record::about;
use crate::{Branch, Caller, Core, Error, Identity, Result, mail_limits, outbox, tickets};
use doorward_model::{
    Email, Event, EventKind, MailKind, Person, PersonId, PersonStatus, Purpose, Secret, Timestamp, Verified,
};
use doorward_store::{self as store, Tx, events, people, tickets as codes};
use std::time::Duration;
use tokio::time::Instant;

/// As long as a validation link (P11).
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Where whoever did not ask makes the request worthless.
const PASSWORD_PAGE: &str = "/account/password";

/// Mails a link to the new address, and a word to the present one. An address that somebody here has already, or that was
/// mailed too often, gets no link, and whoever asked is not told, by the work done for it neither (P8).
///
/// Errors: [`Error::Invalid`] for what is no address, or the present one; [`Error::CurrentPasswordWrong`], counted like a failed
/// sign-in; [`Error::Throttled`]; [`Error::PasswordResetRequired`].
pub async fn request(
    core: &Core,
    caller: &Caller,
    identity: &Identity,
    current: Secret,
    new: &str,
) -> Result<()> {
    if identity.person.password_reset_required {
        return Err(Error::PasswordResetRequired);
    }
    let new = Email::parse(new).map_err(|_| Error::invalid("email", "expected an e-mail address"))?;
    if new == identity.person.email {
        return Err(Error::invalid("email", "is the present one"));
    }
    let now = core.now();
    let request = Request {
        ticket: tickets::random(core, now)?,
        link: outbox::Prepared::new(core, now)?,
        notice: outbox::Prepared::new(core, now)?,
        event: core.event_of(caller, EventKind::EmailChangeRequested, identity, now)?,
        proof: Proof { core: core.clone(), caller: caller.clone(), identity: identity.clone() },
        new,
        now,
    };
    // A task of its own: a client that hangs up can neither skip the counter nor leave its reservation behind.
    tokio::spawn(request.run(current))
        .await
        .map_err(|fault| Error::internal("a change of address did not finish", &fault))?
}

/// Everything the transaction needs, made before it.
struct Request {
    proof: Proof,
    new: Email,
    ticket: tickets::Prepared,
    link: outbox::Prepared,
    notice: outbox::Prepared,
    event: Event,
    now: Timestamp,
}

impl Request {
    async fn run(self, current: Secret) -> Result<()> {
        let reservation = self.proof.prove(&current).await?;
        let (core, pool) = (self.proof.core.clone(), self.proof.identity.pool());
        let soonest = Instant::now() + SOONEST;
        let written = core.db().write(pool, move |tx| {
            reservation.succeed(tx, self.now)?;
            self.write(tx)
        });
        let written = written.await;
        tokio::time::sleep_until(soonest).await;
        written?
    }

    fn write(&self, tx: &mut Tx<'_>) -> Result<Result<()>, store::Error> {
        let Proof { core, caller, identity } = &self.proof;
        let branch = &identity.branch;
        let Some(person) = still_signed_in(tx, identity)? else { return Ok(Err(Error::NotSignedIn)) };
        if let Err(throttled) = mail_limits::admit_caller(core, tx, caller, &branch.policy(), self.now)? {
            return Ok(Err(throttled));
        }
        let is_free = people::find_by_email(tx, &self.new)?.is_none_or(|other| other.id == person.id);
        let is_over_quota = outbox::is_over_quota(tx, &branch.policy(), self.now)?;
        let code = (Purpose::EmailChange, LIFETIME);
        // Counted and written whether the address is free or not: the rows are the same, and an older code is void in both
        // cases, so that neither time nor what becomes of that code tells who has the address.
        if mail_limits::admit_mail(core, tx, &self.new, code, !is_over_quota, self.now)? {
            self.write_link(tx, &person, is_free)?;
        }
        if !is_over_quota {
            let mut told = outbox::content_about(&person, branch, caller, self.now);
            told.link = Some(links::page(core, PASSWORD_PAGE));
            outbox::queue(core, tx, &self.notice, MailKind::EmailChangeAsked, &told)?;
        }
        events::insert(tx, &self.event)?;
        Ok(Ok(()))
    }

    fn write_link(&self, tx: &mut Tx<'_>, person: &Person, is_free: bool) -> Result<(), store::Error> {
        let Proof { core, caller, identity } = &self.proof;
        let (purpose, tenant) = (Purpose::EmailChange, identity.tenant());
        tickets::issue(core, tx, caller, &self.ticket, purpose, person, tenant, LIFETIME)?;
        codes::set_email(tx, self.ticket.id, &self.new)?;
        let mut content = outbox::content_for(person, &identity.branch);
        content.to = self.new.as_written().to_owned();
        let code = &self.ticket.code.secret;
        content.link = Some(links::url(core, &LinkForm::EMAIL_CHANGE, person.id, code));
        content.details.insert("expires".to_owned(), self.now.plus(LIFETIME).micros().to_string());
        if is_free {
            outbox::queue(core, tx, &self.link, MailKind::EmailChange, &content)
        } else {
            outbox::queue_dropped(core, tx, &self.link, MailKind::EmailChange, &content)
        }
    }
}

/// Whose address an open code changes, and to which; `None` for a code that is none. Nothing is used up.
pub async fn find(core: &Core, code: &Secret) -> Result<Option<(doorward_model::Ticket, Person, Email)>> {
    let Some((ticket, person)) = tickets::find(core, Purpose::EmailChange, code).await? else {
        return Ok(None);
    };
    let id = ticket.id;
    let email = core.db().read(ticket.pool, move |tx| codes::find_email(tx, id)).await?;
    Ok(email.map(|email| (ticket, person, email)))
}

/// Uses the code of a mailed link up and changes the address, which is verified by it. `true` for exactly one caller (P4);
/// `false` for a code that is none any more, and where somebody here has got that address meanwhile. A link that names
/// somebody must name whose code it is: `expected`.
pub async fn confirm(
    core: &Core,
    caller: &Caller,
    code: &Secret,
    expected: Option<PersonId>,
) -> Result<bool> {
    let found = find(core, code).await?;
    let Some((ticket, _, new)) =
        found.filter(|(ticket, ..)| expected.is_none_or(|named| named == ticket.person))
    else {
        return Ok(false);
    };
    let (now, epoch, pool) = (core.now(), core.epoch(), ticket.pool);
    let event = core.event(caller, EventKind::PersonChanged, now)?;
    let event = Event { tenant: Some(ticket.tenant), ..event };
    let notice = outbox::Prepared::new(core, now)?;
    let (op, caller) = (core.clone(), caller.clone());
    let written = core.db().write(pool, move |tx| {
        let branch = Branch::read(tx, ticket.tenant)?.filter(Branch::is_open);
        let other = people::find_by_email(tx, &new)?.filter(|other| other.id != ticket.person);
        let (Some(branch), None) = (branch, other) else { return Ok(false) };
        let Some(old) = tickets::redeem(tx, &ticket, now, epoch)?.filter(is_active) else { return Ok(false) };
        let mut person = old.clone();
        let language = old.language.or(caller.language);
        let edit = Edit { email: Some(new.clone()), language: Some(language), ..Edit::default() };
        let changed = edit.apply(&mut person);
        person.verified = Verified::ByMail;
        edit::write(tx, &mut person, &changed, &about(event.clone(), &old), now)?;
        let told = outbox::content_about(&old, &branch, &caller, now);
        outbox::queue(&op, tx, &notice, MailKind::EmailChanged, &told)?;
        Ok(true)
    });
    Ok(written.await?)
}

fn is_active(person: &Person) -> bool {
    person.status == PersonStatus::Active
}
