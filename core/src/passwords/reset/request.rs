//! Asking for a reset by mail. The answer, the statements and so the time are the same whoever the e-mail names: where
//! there is nobody to write to, the same rows are written for nobody, and no answer comes early (P8).

use crate::links::{self, LinkForm};
use crate::record::about;
use crate::{Branch, Caller, Core, Result, outbox, tickets};
use doorward_model::{
    Email, Event, EventKind, MailKind, NotificationSettings, Person, PersonId, PersonNumber, PersonStatus,
    Profile, Purpose, Timestamp, Verified,
};
use doorward_store::{self as store, Tx, events, memberships, people};
use std::time::Duration;
use tokio::time::Instant;

/// Codes one account is mailed within a code's lifetime. When they are used up, the newest of them is still good, so
/// nobody is kept out by a stranger who asks in their name.
const MOST_CODES: i64 = 5;

/// No answer comes sooner. Rows of somebody and of nobody differ by some microseconds; behind this, which is longer than
/// an ordinary write, that is not seen from outside.
const SOONEST: Duration = Duration::from_millis(20);

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
    let soonest = Instant::now() + SOONEST;
    let outcome = match Email::parse(email) {
        Ok(email) => {
            let request = Request::new(core, caller, branch, email, link)?;
            core.db().write(branch.pool(), move |tx| request.write(tx)).await
        }
        Err(_nobodys) => Ok(()),
    };
    tokio::time::sleep_until(soonest).await;
    Ok(outcome?)
}

/// Everything the transaction needs, made before it.
struct Request {
    core: Core,
    caller: Caller,
    branch: Branch,
    link: LinkForm,
    /// Who is written to when nobody is.
    nobody: Person,
    ticket: tickets::Prepared,
    mail: outbox::Prepared,
    event: Event,
    now: Timestamp,
}

impl Request {
    fn new(core: &Core, caller: &Caller, branch: &Branch, email: Email, link: LinkForm) -> Result<Self> {
        let now = core.now();
        let event = Event {
            pool: Some(branch.pool()),
            tenant: Some(branch.tenant().id),
            ..core.event(caller, EventKind::ResetRequested, now)?
        };
        Ok(Self {
            nobody: nobody(core, branch, email, now)?,
            ticket: tickets::random(core, now)?,
            mail: outbox::Prepared::new(core, now)?,
            core: core.clone(),
            caller: caller.clone(),
            branch: branch.clone(),
            link,
            event,
            now,
        })
    }

    fn write(&self, tx: &mut Tx<'_>) -> Result<(), store::Error> {
        let found = people::find_by_email(tx, &self.nobody.email)?;
        let candidate = found.as_ref().unwrap_or(&self.nobody);
        let is_welcome = self.may_be_written_to(tx, candidate)?;
        let person = if is_welcome { candidate } else { &self.nobody };
        let lifetime = self.branch.policy().reset_lifetime;
        let tenant = self.branch.tenant().id;
        tickets::issue(&self.core, tx, &self.caller, &self.ticket, Purpose::Reset, person, tenant, lifetime)?;
        let content = self.content(person, self.now.plus(lifetime));
        if is_welcome {
            outbox::queue(&self.core, tx, &self.mail, MailKind::Reset, &content)?;
            events::insert(tx, &about(self.event.clone(), person))
        } else {
            outbox::queue_dropped(&self.core, tx, &self.mail, MailKind::Reset, &content)?;
            let why = "nobody here to write to, or too often".to_owned();
            events::insert(tx, &Event { detail: Some(why), ..self.event.clone() })
        }
    }

    /// Each question is asked whatever the answer to the one before was.
    fn may_be_written_to(&self, tx: &mut Tx<'_>, person: &Person) -> Result<bool, store::Error> {
        let policy = self.branch.policy();
        let is_here = self.reaches(tx, person.id)?;
        let since = self.now.minus(policy.reset_lifetime);
        let recent = doorward_store::tickets::count_since(tx, person.id, Purpose::Reset, since)?;
        let is_over_quota = outbox::is_over_quota(tx, &policy, self.now)?;
        let is_active = person.status == PersonStatus::Active;
        Ok(is_active && is_here && recent < MOST_CODES && !is_over_quota && self.branch.is_open())
    }

    /// Whether the person has a place at, above or below the branch.
    fn reaches(&self, tx: &mut Tx<'_>, person: PersonId) -> Result<bool, store::Error> {
        let places = memberships::list_by_person(tx, person)?;
        if places.iter().any(|place| self.branch.contains(place.tenant)) {
            return Ok(true);
        }
        for place in places {
            let there = Branch::read(tx, place.tenant)?;
            if there.is_some_and(|there| there.contains(self.branch.tenant().id)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn content(&self, person: &Person, expires: Timestamp) -> outbox::Content {
        let mut content = outbox::content_for(person, &self.branch);
        content.link = Some(links::url(&self.core, &self.link, person.id, &self.ticket.code.secret));
        content.details.insert("expires".to_owned(), expires.micros().to_string());
        content
    }
}

/// Somebody with an id that nobody has; inactive, so that nothing is ever sent.
fn nobody(core: &Core, branch: &Branch, email: Email, now: Timestamp) -> Result<Person> {
    let number = PersonNumber::new(1).map_err(|fault| crate::Error::internal("a person's number", &fault))?;
    Ok(Person {
        id: PersonId::new(core.uuid(now)?),
        pool: branch.pool(),
        home: branch.tenant().id,
        number,
        email,
        profile: Profile::default(),
        status: PersonStatus::Inactive,
        verified: Verified::No,
        password_reset_required: true,
        notifications: NotificationSettings::default(),
        feed_generation: 1,
        auth_generation: 1,
        version: 1,
        created_at: now,
        modified_at: now,
    })
}
