//! Asking for a reset by mail. The answer, the statements and so the time are the same whoever the e-mail names: where
//! there is nobody to write to, the same rows are written for nobody, and no answer comes early (P8).
//!
//! Strangers ask with [`request`], and with [`request_for`] where a door makes them say whom they mean; an administrator
//! with [`request_as`].

use crate::links::{self, LinkForm};
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Result, mail_limits, outbox, tickets};
use doorward_model::{
    EffectivePolicy, Email, Event, EventKind, MailKind, NotificationSettings, Person, PersonId, PersonNumber,
    PersonStatus, Profile, Purpose, Timestamp, Verified,
};
use doorward_store::{self as store, Tx, events, memberships, people};
use std::time::Duration;
use tokio::time::Instant;

/// No answer comes sooner. Rows of somebody and of nobody differ by some microseconds; behind this, which is longer than
/// an ordinary write, that is not seen from outside.
pub(crate) const SOONEST: Duration = Duration::from_millis(20);

/// Mails a code to whoever has this e-mail and a place at, above or below `branch`.
///
/// `Ok` whatever the e-mail is: known, unknown, inactive, mailed too often, no address at all; with the same work (P8).
/// [`crate::Error::Throttled`] when the caller's address asked too often, whomever it asked for.
pub async fn request(
    core: &Core,
    caller: &Caller,
    branch: &Branch,
    email: &str,
    link: LinkForm,
) -> Result<()> {
    ask(core, caller, branch, (email, Whom::Anybody), link, None).await.map(drop)
}

/// As [`request`], where a door makes the caller say whom they mean: nobody but `person` is mailed, and `None` is nobody.
pub async fn request_for(
    core: &Core,
    caller: &Caller,
    branch: &Branch,
    (email, person): (&str, Option<PersonId>),
    link: LinkForm,
) -> Result<()> {
    ask(core, caller, branch, (email, Whom::Only(person)), link, None).await.map(drop)
}

/// As [`request`], on the word of somebody who administers `branch`: what comes from their address is not counted, and the
/// event names them.
///
/// Errors: [`Error::Conflict`] where no mail was queued, with the reason: they may know who is here, and wait for the mail.
pub async fn request_as(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    email: &str,
    link: LinkForm,
) -> Result<()> {
    actor.administers(branch)?;
    match ask(core, caller, branch, (email, Whom::Anybody), link, Some(actor)).await? {
        None => Ok(()),
        Some(reason) => Err(Error::conflict("reset", format!("no mail was queued: {}", reason.as_str()))),
    }
}

/// Why no mail was queued.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NotQueued {
    Nobody,
    Inactive,
    Closed,
    OverQuota,
    TooOften,
}

impl NotQueued {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody here has this address",
            Self::Inactive => "the account is inactive",
            Self::Closed => "the tenant is suspended",
            Self::OverQuota => "the mails of this hour are used up",
            Self::TooOften => "they were mailed too often lately",
        }
    }
}

/// Who of those with the e-mail is meant.
#[derive(Clone, Copy)]
enum Whom {
    Anybody,
    Only(Option<PersonId>),
}

impl Whom {
    fn is(self, person: PersonId) -> bool {
        match self {
            Self::Anybody => true,
            Self::Only(meant) => meant == Some(person),
        }
    }
}

async fn ask(
    core: &Core,
    caller: &Caller,
    branch: &Branch,
    (email, whom): (&str, Whom),
    link: LinkForm,
    actor: Option<&Actor>,
) -> Result<Option<NotQueued>> {
    let soonest = Instant::now() + SOONEST;
    let asking =
        Asking { core: core.clone(), caller: caller.clone(), actor: actor.cloned(), now: core.now() };
    let pool = branch.pool();
    let outcome = match Email::parse(email) {
        Ok(email) => {
            let request = Request::new(asking, branch, email, whom, link)?;
            core.db().write(pool, move |tx| request.write(tx)).await
        }
        Err(_nobodys) => {
            let policy = branch.policy();
            let write = core.db().write(pool, move |tx| asking.admit(tx, &policy));
            write.await.map(|admitted| admitted.map(|()| Some(NotQueued::Nobody)))
        }
    };
    tokio::time::sleep_until(soonest).await;
    outcome?
}

/// Who asks.
struct Asking {
    core: Core,
    caller: Caller,
    /// Who administers the branch; strangers without.
    actor: Option<Actor>,
    now: Timestamp,
}

impl Asking {
    fn admit(&self, tx: &mut Tx<'_>, policy: &EffectivePolicy) -> Result<Result<()>, store::Error> {
        if self.actor.is_none() {
            mail_limits::admit_caller(&self.core, tx, &self.caller, policy, self.now)
        } else {
            Ok(Ok(()))
        }
    }
}

/// Everything the transaction needs, made before it.
struct Request {
    asking: Asking,
    branch: Branch,
    whom: Whom,
    link: LinkForm,
    /// Who is written to when nobody is.
    nobody: Person,
    ticket: tickets::Prepared,
    mail: outbox::Prepared,
    event: Event,
}

impl Request {
    fn new(asking: Asking, branch: &Branch, email: Email, whom: Whom, link: LinkForm) -> Result<Self> {
        let (core, caller, now) = (&asking.core, &asking.caller, asking.now);
        let (kind, (pool, tenant)) = (EventKind::ResetRequested, (branch.pool(), branch.tenant().id));
        let event = match &asking.actor {
            Some(actor) => core.act(caller, actor, kind, (pool, tenant), now)?,
            None => Event { pool: Some(pool), tenant: Some(tenant), ..core.event(caller, kind, now)? },
        };
        Ok(Self {
            nobody: nobody(core, branch, email, now)?,
            ticket: tickets::random(core, now)?,
            mail: outbox::Prepared::new(core, now)?,
            branch: branch.clone(),
            whom,
            link,
            event,
            asking,
        })
    }

    fn write(&self, tx: &mut Tx<'_>) -> Result<Result<Option<NotQueued>>, store::Error> {
        if let Err(throttled) = self.asking.admit(tx, &self.branch.policy())? {
            return Ok(Err(throttled));
        }
        let found = people::find_by_email(tx, &self.nobody.email)?;
        let candidate = found.as_ref().unwrap_or(&self.nobody);
        let not_queued = self.reason_against(tx, candidate)?;
        let person = if not_queued.is_none() { candidate } else { &self.nobody };
        let (core, caller) = (&self.asking.core, &self.asking.caller);
        let lifetime = self.branch.policy().reset_lifetime;
        let tenant = self.branch.tenant().id;
        tickets::issue(core, tx, caller, &self.ticket, Purpose::Reset, person, tenant, lifetime)?;
        let content = self.content(person, self.asking.now.plus(lifetime));
        let event = if let Some(reason) = not_queued {
            outbox::queue_dropped(core, tx, &self.mail, MailKind::Reset, &content)?;
            self.told_of_nobody(candidate, reason)
        } else {
            outbox::queue(core, tx, &self.mail, MailKind::Reset, &content)?;
            about(self.event.clone(), person)
        };
        events::insert(tx, &event)?;
        Ok(Ok(not_queued))
    }

    /// What a stranger asked for says of nobody in particular who it was for; an administrator may read whom they meant.
    fn told_of_nobody(&self, meant: &Person, reason: NotQueued) -> Event {
        let event = self.event.clone();
        match &self.asking.actor {
            None => Event { detail: Some("nobody here to write to, or too often".to_owned()), ..event },
            Some(_) => {
                let event = Event { detail: Some(reason.as_str().to_owned()), ..event };
                if reason == NotQueued::Nobody { event } else { about(event, meant) }
            }
        }
    }

    /// Each question is asked whatever the answer to the one before was.
    fn reason_against(&self, tx: &mut Tx<'_>, person: &Person) -> Result<Option<NotQueued>, store::Error> {
        let Asking { core, now, .. } = &self.asking;
        let policy = self.branch.policy();
        let is_here = self.reaches(tx, person.id)?;
        let is_over_quota = outbox::is_over_quota(tx, &policy, *now)?;
        let (is_active, is_open) = (person.status == PersonStatus::Active, self.branch.is_open());
        let is_meant = is_active && self.whom.is(person.id) && is_here && !is_over_quota && is_open;
        let code = (Purpose::Reset, policy.reset_lifetime);
        if mail_limits::admit_mail(core, tx, &person.email, code, is_meant, *now)? {
            return Ok(None);
        }
        Ok(Some(if !is_here || !self.whom.is(person.id) {
            NotQueued::Nobody
        } else if !is_active {
            NotQueued::Inactive
        } else if !is_open {
            NotQueued::Closed
        } else if is_over_quota {
            NotQueued::OverQuota
        } else {
            NotQueued::TooOften
        }))
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
        let asking = person.language.or(self.asking.caller.language).filter(|_| self.asking.actor.is_none());
        let content = outbox::content_for(person, &self.branch);
        let mut content = match asking {
            Some(language) => content.in_language(language),
            None => content,
        };
        content.link = Some(links::url(&self.asking.core, &self.link, person.id, &self.ticket.code.secret));
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
        language: None,
        feed_generation: 1,
        auth_generation: 1,
        version: 1,
        created_at: now,
        modified_at: now,
    })
}
