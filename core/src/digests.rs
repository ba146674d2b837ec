//! Digests: what happened to somebody's account, mailed at the hours they chose; nothing happened, no mail.
//!
//! One node at a time works through who is due. Each is told in one transaction, which reads where they stand, queues the mail
//! and writes until when they were told: whoever comes second, another node or the same after a crash, finds that written. A
//! digest tells up to its own hour and not up to the moment it is made, so a late one tells the same.

use crate::leases::{self, Work};
use crate::outbox::{self, Happened};
use crate::{Branch, Core, Result, links};
use doorward_model::{
    DigestTimes, Event, EventId, Happening, MailKind, Person, PersonId, PersonStatus, PoolId, Timestamp,
};
use doorward_store::digests::{self, Digests};
use doorward_store::{Error as StoreError, Tx, events, mails, people};
use jiff::tz::TimeZone;
use std::time::Duration;
use uuid::Uuid;

/// How many people one round looks at: some dozen milliseconds of writes.
pub const BATCH: u32 = 32;
/// How long a node tells people for all, and is prolonged by each round that finds somebody. A round takes less than a tenth.
const LEASE: Duration = Duration::from_secs(60);
/// While more mails are due than this, no digest is queued: a reset that somebody waits for stands behind two batches at most.
const MOST_WAITING: i64 = 32;
/// An event is written some moments after the time it bears. A digest waits for those of its last minute.
const SETTLING: Duration = Duration::from_secs(60);
/// When somebody is looked at again whose digest could not be queued.
const PAUSE: Duration = Duration::from_secs(10 * 60);
/// Lines of a digest; more are counted.
const MOST_TOLD: usize = 50;
/// Events one read takes, and how many of them are looked through at most: a program may sign in all day in somebody's name.
const READ: i64 = 500;
const MOST_READ: usize = 10_000;
/// Names under which dialects keep a zone of a person or a tenant: LeadSquared's, BookingBug's.
const ZONES: [&str; 2] = ["TimeZone", "timezone"];
/// Where all of it can be seen.
const ACCOUNT: &str = "/account";

/// Looks at the next people who are due; `true` if there may be more.
pub async fn round(core: &Core) -> Result<bool> {
    let now = core.now();
    let due = core.db().read_house(move |tx| digests::list_due(tx, now, i64::from(BATCH))).await?;
    if due.is_empty() || !leases::claim(core, Work::Digest, LEASE).await? {
        return Ok(false);
    }
    if core.db().read_house(move |tx| mails::count_due(tx, now)).await? > MOST_WAITING {
        return Ok(false);
    }
    for (pool, person) in &due {
        if let Err(fault) = tell(core, *pool, *person).await {
            tracing::warn!(%fault, %person, "a digest could not be made; it is tried again");
            // Or whoever cannot be told would stand before everybody else.
            put_off(core, *pool, *person).await?;
        }
    }
    Ok(due.len() >= BATCH as usize)
}

async fn tell(core: &Core, pool: PoolId, person: PersonId) -> Result<()> {
    let now = core.now();
    let digest = Digest { core: core.clone(), mail: outbox::Prepared::new(core, now)?, person, now };
    Ok(core.db().write_bulk(pool, move |tx| digest.write(tx)).await?)
}

async fn put_off(core: &Core, pool: PoolId, person: PersonId) -> Result<()> {
    let due_at = core.now().plus(PAUSE);
    let put = move |tx: &mut Tx<'_>| match digests::find(tx, person)? {
        Some(known) => digests::put(tx, person, Digests { due_at, ..known }),
        None => Ok(()),
    };
    Ok(core.db().write_bulk(pool, put).await?)
}

/// Everything the transaction needs, made before it.
struct Digest {
    core: Core,
    mail: outbox::Prepared,
    person: PersonId,
    now: Timestamp,
}

impl Digest {
    fn write(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        // Another node was here, or they chose otherwise.
        let Some(known) = digests::find(tx, self.person)?.filter(|known| known.due_at <= self.now) else {
            return Ok(());
        };
        let person = people::find(tx, self.person)?.filter(|person| person.status == PersonStatus::Active);
        let Some(person) = person else { return digests::forget(tx, self.person) };
        let Some(branch) = Branch::read(tx, person.home)? else { return digests::forget(tx, self.person) };
        let times = DigestTimes::around(person.notifications, &zone(&person, &branch), self.now);
        let Some(times) = times else { return digests::forget(tx, self.person) };
        let stands = self.tell(tx, &person, &branch, known, times)?;
        digests::put(tx, self.person, stands)
    }

    /// Queues what is to be told by now, and says where they stand then.
    fn tell(
        &self,
        tx: &mut Tx<'_>,
        person: &Person,
        branch: &Branch,
        known: Digests,
        times: DigestTimes,
    ) -> Result<Digests, StoreError> {
        let next = times.next.plus(SETTLING);
        if known.told_until == Timestamp::default() {
            return Ok(Digests { due_at: next, told_until: self.now });
        }
        let due = times.last.plus(SETTLING);
        if known.told_until >= times.last {
            return Ok(Digests { due_at: next, ..known });
        } else if self.now < due {
            return Ok(Digests { due_at: due, ..known });
        }
        let told = Digests { due_at: next, told_until: times.last };
        let (happened, more) = happened(tx, self.person, (known.told_until, times.last))?;
        // While their tenant is suspended nobody is written to in its name.
        if happened.is_empty() || !branch.is_open() {
            return Ok(told);
        }
        if outbox::is_over_half_quota(tx, &branch.policy(), self.now)? {
            return Ok(Digests { due_at: self.now.plus(PAUSE), ..known });
        }
        let mut content = outbox::content_for(person, branch);
        content.link = Some(links::page(&self.core, ACCOUNT));
        content.happened = happened;
        if more > 0 {
            content.details.insert("more".to_owned(), more.to_string());
        }
        outbox::queue(&self.core, tx, &self.mail, MailKind::Digest, &content)?;
        Ok(told)
    }
}

/// What happened to somebody from one moment until before another, the newest first, and how much more than is told.
fn happened(
    tx: &mut Tx<'_>,
    person: PersonId,
    (from, until): (Timestamp, Timestamp),
) -> Result<(Vec<Happened>, usize), StoreError> {
    let (mut told, mut more, mut read) = (Vec::new(), 0, 0);
    let mut before = (until, EventId::new(Uuid::nil()));
    while read < MOST_READ {
        let page = events::list_of_person_before(tx, person, before, from, READ)?;
        let goes_on = i64::try_from(page.len()).is_ok_and(|found| found >= READ);
        read += page.len();
        before = page.last().map_or(before, |last| (last.at, last.id));
        for (event, what) in page.iter().filter_map(|event| Some((event, Happening::of(event)?))) {
            if told.len() < MOST_TOLD { told.push(line(event, what)) } else { more += 1 }
        }
        if !goes_on {
            break;
        }
    }
    Ok((told, more))
}

fn line(event: &Event, what: Happening) -> Happened {
    // Where an administrator or a program did it is not the person's affair.
    let address = event.address.filter(|_| event.actor.is_none());
    Happened {
        what: what.as_str().to_owned(),
        at: event.at.micros(),
        address: address.map(|address| address.to_string()),
    }
}

/// Where somebody's mornings are: as they say, else as their tenant says, else in UTC. A name that is none says nothing.
fn zone(person: &Person, branch: &Branch) -> TimeZone {
    let own = ZONES.into_iter().filter_map(|name| person.profile.extra(name));
    let theirs = ZONES.into_iter().filter_map(|name| branch.profile(name));
    own.chain(theirs).find_map(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}
