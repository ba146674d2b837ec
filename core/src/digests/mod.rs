//! Digests: what happened to somebody's account, mailed at the hours they chose; nothing happened, no mail.
//!
//! One node at a time works through who is due. Of each it is first read where they stand (`look.rs`) and what happened to them
//! (`happened.rs`); then one short transaction queues the mail and writes until when they were told, if they still stand where
//! they stood: whoever comes second, another node or the same after a crash, finds that written. A digest tells up to its own hour
//! and not up to the moment it is made, so a late one tells the same, and what it tells of is over when it is read.

mod happened;
mod look;

use crate::leases::{self, Work};
use crate::outbox::{self, Content, QUOTA_WINDOW};
use crate::{Core, Result, links};
use doorward_model::{MailKind, Person, PersonId, PoolId};
use doorward_store::digests::{self, Digests};
use doorward_store::{Error as StoreError, Tx, mails, people};
use look::{Due, Next};
use std::time::Duration;

/// How many people one round looks at: some dozen milliseconds of writes.
pub const BATCH: u32 = 32;
/// How long a node tells people for all, and is prolonged by each round that finds somebody. A round takes less than a tenth.
const LEASE: Duration = Duration::from_secs(60);
/// While more mails are due than this, no digest is queued: a reset that somebody waits for stands behind two batches at most.
const MOST_WAITING: i64 = 32;
/// When somebody is looked at again whose digest could not be made.
const PAUSE: Duration = Duration::from_secs(10 * 60);
/// How many people of a pool are put off at once whose mails are used up: some milliseconds of one write.
const MOST_PUT_OFF: i64 = 1_000;
/// Where all of it can be seen.
const ACCOUNT: &str = "/account";

/// How a round went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Nobody else is due, or they have to wait.
    Done,
    /// There may be more, and the outbox got nothing to do.
    GoesOn,
    /// There may be more, and mails were queued.
    Mailed,
}

/// How somebody's turn went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Quiet,
    Mailed,
    /// Their pool has caused as many mails as digests may.
    OverQuota,
}

/// Looks at the next people who are due.
pub async fn round(core: &Core) -> Result<Round> {
    let now = core.now();
    let due = core.db().read_house(move |tx| digests::list_due(tx, now, i64::from(BATCH))).await?;
    if due.is_empty() || !leases::claim(core, Work::Digest, LEASE).await? {
        return Ok(Round::Done);
    }
    if core.db().read_house(move |tx| mails::count_due(tx, now)).await? > MOST_WAITING {
        return Ok(Round::Done);
    }
    let (mut is_mailed, mut used_up) = (false, Vec::new());
    for (pool, person) in &due {
        if used_up.contains(pool) {
            continue;
        }
        match tell(core, *pool, *person).await {
            Ok(Turn::Quiet) => {}
            Ok(Turn::Mailed) => is_mailed = true,
            Ok(Turn::OverQuota) => {
                put_off_pool(core, *pool).await?;
                used_up.push(*pool);
            }
            Err(fault) => {
                tracing::warn!(%fault, %person, "a digest could not be made; it is tried again");
                // Or whoever cannot be told would stand before everybody else.
                put_off(core, *pool, *person).await?;
            }
        }
    }
    Ok(match (due.len() >= BATCH as usize, is_mailed) {
        (false, _) => Round::Done,
        (true, false) => Round::GoesOn,
        (true, true) => Round::Mailed,
    })
}

async fn tell(core: &Core, pool: PoolId, id: PersonId) -> Result<Turn> {
    let now = core.now();
    let Some(found) = core.db().read(pool, move |tx| look::at(tx, id, now)).await? else {
        return Ok(Turn::Quiet);
    };
    let (stands, mail) = match found.next {
        Next::OverQuota => return Ok(Turn::OverQuota),
        Next::Forget => (None, None),
        Next::Wait(stands) => (Some(stands), None),
        Next::Tell(due) => (Some(due.told), mail(core, pool, found.known, *due).await?),
    };
    let settled = Settled {
        core: core.clone(),
        prepared: outbox::Prepared::new(core, now)?,
        id,
        known: found.known,
        stands,
        mail,
    };
    Ok(core.db().write_bulk(pool, move |tx| settled.write(tx)).await?)
}

/// The mail that tells somebody what happened, and to whom as they were read; `None` if nothing did.
async fn mail(core: &Core, pool: PoolId, known: Digests, due: Due) -> Result<Option<(Person, Content)>> {
    let span = (known.told_until, due.told.told_until);
    let (happened, more) = happened::between(core, pool, due.person.id, span).await?;
    if happened.is_empty() {
        return Ok(None);
    }
    let mut content = outbox::content_for(&due.person, &due.branch);
    content.link = Some(links::page(core, ACCOUNT));
    content.happened = happened;
    if more > 0 {
        content.details.insert("more".to_owned(), more.to_string());
    }
    Ok(Some((due.person, content)))
}

/// What was found out about somebody before the transaction that writes it.
struct Settled {
    core: Core,
    prepared: outbox::Prepared,
    id: PersonId,
    /// Where they stood when they were read.
    known: Digests,
    /// Where they stand now; `None` where they want no digests.
    stands: Option<Digests>,
    mail: Option<(Person, Content)>,
}

impl Settled {
    fn write(&self, tx: &mut Tx<'_>) -> Result<Turn, StoreError> {
        // Another node was here, or they chose otherwise: then they are looked at again if they are still due.
        if digests::find(tx, self.id)? != Some(self.known) {
            return Ok(Turn::Quiet);
        }
        let Some(stands) = self.stands else {
            return digests::forget(tx, self.id).map(|()| Turn::Quiet);
        };
        let Some((person, content)) = &self.mail else {
            return digests::put(tx, self.id, stands).map(|()| Turn::Quiet);
        };
        // Their address may be another one by now, or the account be shut.
        if people::find(tx, self.id)?.as_ref() != Some(person) {
            return Ok(Turn::Quiet);
        }
        outbox::queue(&self.core, tx, &self.prepared, MailKind::Digest, content)?;
        digests::put(tx, self.id, stands).map(|()| Turn::Mailed)
    }
}

async fn put_off(core: &Core, pool: PoolId, person: PersonId) -> Result<()> {
    let due_at = core.now().plus(PAUSE);
    let put = move |tx: &mut Tx<'_>| match digests::find(tx, person)? {
        Some(known) => digests::put(tx, person, Digests { due_at, ..known }),
        None => Ok(()),
    };
    Ok(core.db().write_bulk(pool, put).await?)
}

/// Puts off whoever is due in a pool whose mails are used up, so that they do not stand before the people of other pools. Mails
/// are counted over an hour, so that after one there is room again.
async fn put_off_pool(core: &Core, pool: PoolId) -> Result<()> {
    let now = core.now();
    let until = now.plus(QUOTA_WINDOW);
    Ok(core.db().write_bulk(pool, move |tx| digests::put_off(tx, now, until, MOST_PUT_OFF)).await?)
}
