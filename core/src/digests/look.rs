//! Where somebody's digests stand, and what is to be done about it: read, and nothing written.

use crate::{Branch, outbox, zone};
use doorward_model::{DigestTimes, Person, PersonId, PersonStatus, Timestamp};
use doorward_store::digests::{self, Digests};
use doorward_store::{Error as StoreError, Tx, people};
use std::time::Duration;

/// An event is written some moments after the time it bears. A digest waits for those of its last minute.
const SETTLING: Duration = Duration::from_secs(60);

/// Somebody who is due.
pub(super) struct Found {
    /// Where they stand.
    pub(super) known: Digests,
    pub(super) next: Next,
}

/// What is to be done.
pub(super) enum Next {
    /// They want no digests any more, or may not sign in.
    Forget,
    /// There is nothing to tell, and this is where they stand.
    Wait(Digests),
    /// Their pool has caused as many mails as digests may.
    OverQuota,
    /// They are to be told what happened.
    Tell(Box<Due>),
}

/// Somebody who is to be told what happened.
pub(super) struct Due {
    pub(super) person: Person,
    pub(super) branch: Branch,
    /// Where they stand once they were told.
    pub(super) told: Digests,
}

/// Looks at somebody; `None` if they are not due: another node was here, or they chose otherwise.
pub(super) fn at(tx: &mut Tx<'_>, id: PersonId, now: Timestamp) -> Result<Option<Found>, StoreError> {
    let Some(known) = digests::find(tx, id)?.filter(|known| known.due_at <= now) else { return Ok(None) };
    let next = next(tx, id, known, now)?;
    Ok(Some(Found { known, next }))
}

fn next(tx: &mut Tx<'_>, id: PersonId, known: Digests, now: Timestamp) -> Result<Next, StoreError> {
    let person = people::find(tx, id)?.filter(|person| person.status == PersonStatus::Active);
    let Some(person) = person else { return Ok(Next::Forget) };
    let Some(branch) = Branch::read(tx, person.home)? else { return Ok(Next::Forget) };
    let Some(times) = DigestTimes::around(person.notifications, &zone::of(&person, &branch), now) else {
        return Ok(Next::Forget);
    };
    let next = times.next.plus(SETTLING);
    if known.told_until == Timestamp::default() {
        return Ok(Next::Wait(Digests { due_at: next, told_until: now }));
    }
    let due = times.last.plus(SETTLING);
    if known.told_until >= times.last {
        return Ok(Next::Wait(Digests { due_at: next, ..known }));
    } else if now < due {
        return Ok(Next::Wait(Digests { due_at: due, ..known }));
    }
    let told = Digests { due_at: next, told_until: times.last };
    // While their tenant is suspended nobody is written to in its name.
    if !branch.is_open() {
        return Ok(Next::Wait(told));
    }
    // Before anything is read of what happened: a pool of many readers would have it read again and again for nothing.
    if outbox::is_over_half_quota(tx, &branch.policy(), now)? {
        return Ok(Next::OverQuota);
    }
    Ok(Next::Tell(Box::new(Due { person, branch, told })))
}
