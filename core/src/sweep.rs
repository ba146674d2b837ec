//! Forgetting what nobody needs any more. Nothing here decides anything: expired rows are dead before they are swept.

use crate::Core;
use crate::works;
use doorward_model::{Day, MailId};
use doorward_store::{Error, HouseTx, Key, Stretch, Tx};
use doorward_store::{
    attempts, cell_nonces, key_windows, mails, once, operator_sessions, revocations, sessions, tallies,
    tickets, uses,
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Counters that count nothing and were untouched for a day have no wait left (the longest is an hour).
const ATTEMPTS_KEPT: Duration = DAY;
/// Failures in a row are counted until a success or a reset (P7: never more than 100); whoever comes once a year may
/// start anew. The events of the failures are kept for longer still, so this bounds nothing less.
const FAILURES_KEPT: Duration = DAY.saturating_mul(365);
/// As long as a place stays known.
const PLACES_KEPT: Duration = DAY.saturating_mul(90);
/// Long enough to answer "did the mail go out?".
const MAILS_KEPT: Duration = DAY.saturating_mul(30);
/// Long enough to answer "was the code used?".
const TICKETS_KEPT: Duration = DAY.saturating_mul(30);
/// The revocation log only tells other nodes what to forget; nothing comes back to life without it, however long a
/// session (a year at most) or a key (for ever) may live. So it is kept for longer than a node can be behind and still
/// trust what it remembers, which is seconds, and for longer than one may be suspended and woken again. A node that slept
/// longer finds a gap in the log's numbers. A restored backup brings its own ends with it and does not ask the log.
const REVOCATIONS_KEPT: Duration = DAY.saturating_mul(30);
/// A request of another cell is refused by its time alone once its nonce is over; clocks of nodes differ by less than this.
const NONCES_KEPT: Duration = Duration::from_secs(60 * 60);
/// A year is the longest window that is looked at, and a month after it says how it was a year ago.
const USES_KEPT: Duration = DAY.saturating_mul(400);
/// Days of things that one write forgets, each with up to as many people.
const USES_BATCH: i64 = 100;
/// Sessions, codes or the like that one write deletes at most, so that no other write waits long behind it.
const BATCH: i64 = 1_000;

/// Rows that one read looks through: a few milliseconds, and no more than [`BATCH`] of them are deleted after it.
const STRETCH: i64 = BATCH;
/// Stretches of each table that one round looks through, so that a round ends before the next would begin even where every
/// row is read from the disk: three tables, 1.5 million rows each, at 100 µs are 450 of the 600 s between two
/// (`docs/operators/scale.md`).
const STRETCHES: u32 = 1_500;

/// How far the tables that no index orders by end are looked through. A node that starts looks from the beginning.
#[derive(Debug)]
pub struct Walks {
    stretches: u32,
    counters: Option<Key<[u8; 32]>>,
    places: Option<Key<[u8; 32]>>,
    mails: Option<Key<MailId>>,
}

impl Walks {
    /// From the beginning, so many thousand rows of each table in a round.
    pub const fn of(stretches: u32) -> Self {
        Self { stretches, counters: None, places: None, mails: None }
    }
}

impl Default for Walks {
    fn default() -> Self {
        Self::of(STRETCHES)
    }
}

/// One round: everything that may be forgotten now and has an index by its end, and the next rows of what has none.
pub async fn sweep(core: &Core, walks: &mut Walks) -> crate::Result<()> {
    let now = core.now();
    let codes = now.minus(TICKETS_KEPT);
    while core.db().write_house_bulk(move |tx| tickets::sweep(tx, codes, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| sessions::sweep(tx, now, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| tallies::sweep(tx, now, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| key_windows::sweep(tx, now, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| once::sweep(tx, now, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| operator_sessions::sweep(tx, now, BATCH)).await? {}
    works::sweep(core, now).await?;
    let nonces = now.minus(NONCES_KEPT);
    while core.db().write_house_bulk(move |tx| cell_nonces::sweep(tx, nonces, BATCH)).await? {}
    let used = Day::of(now.minus(USES_KEPT));
    while core.db().write_house_bulk(move |tx| uses::sweep(tx, used, USES_BATCH)).await? {}
    let ended = now.minus(REVOCATIONS_KEPT);
    while core.db().write_house_bulk(move |tx| revocations::trim(tx, ended, BATCH)).await? {}
    let Walks { stretches, counters, places, mails } = walks;
    let ends = (now.minus(ATTEMPTS_KEPT), now.minus(FAILURES_KEPT));
    let look = move |tx: &mut HouseTx<'_>, after| attempts::look_through(tx, after, ends, STRETCH);
    walk(core, *stretches, counters, look, move |tx, it| attempts::forget(tx, it, ends)).await?;
    let seen = now.minus(PLACES_KEPT);
    let look = move |tx: &mut HouseTx<'_>, after| attempts::look_through_places(tx, after, seen, STRETCH);
    walk(core, *stretches, places, look, move |tx, it| attempts::forget_place(tx, it, seen)).await?;
    let settled = now.minus(MAILS_KEPT);
    let look = move |tx: &mut HouseTx<'_>, after| mails::look_through(tx, after, settled, STRETCH);
    walk(core, *stretches, mails, look, move |tx, it| mails::forget(tx, *it, settled)).await
}

/// Goes on through a table, and begins it again in the round after its end.
async fn walk<K: Copy + Send + 'static>(
    core: &Core,
    stretches: u32,
    from: &mut Option<Key<K>>,
    look: impl Fn(&mut HouseTx<'_>, Option<Key<K>>) -> Result<Stretch<K>, Error> + Copy + Send + 'static,
    forget: impl Fn(&mut Tx<'_>, &K) -> Result<(), Error> + Copy + Send + 'static,
) -> crate::Result<()> {
    for _ in 0..stretches {
        let after = *from;
        let Stretch { over, next } = core.db().read_house(move |tx| look(tx, after)).await?;
        if !over.is_empty() {
            let forget_all = move |tx: &mut HouseTx<'_>| {
                over.iter().try_for_each(|(pool, it)| tx.in_pool(*pool, |tx| forget(tx, it)))
            };
            core.db().write_house_bulk(forget_all).await?;
        }
        *from = next;
        if next.is_none() {
            break;
        }
    }
    Ok(())
}
