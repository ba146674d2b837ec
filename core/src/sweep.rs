//! Forgetting what nobody needs any more. Nothing here decides anything: expired rows are dead before they are swept.

use crate::{Core, Result};
use doorward_store::{
    attempts, cell_nonces, key_windows, mails, once, revocations, sessions, tallies, tickets,
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
/// Sessions, codes or the like that one write deletes at most, so that no other write waits long behind it.
const BATCH: i64 = 1_000;

/// One round: everything that may be forgotten now.
pub async fn sweep(core: &Core) -> Result<()> {
    let now = core.now();
    core.db()
        .write_house_bulk(move |tx| {
            attempts::sweep(tx, now.minus(ATTEMPTS_KEPT), now.minus(FAILURES_KEPT))?;
            attempts::sweep_places(tx, now.minus(PLACES_KEPT))?;
            mails::sweep(tx, now.minus(MAILS_KEPT))
        })
        .await?;
    let codes = now.minus(TICKETS_KEPT);
    while core.db().write_house_bulk(move |tx| tickets::sweep(tx, codes, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| sessions::sweep(tx, now, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| tallies::sweep(tx, now, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| key_windows::sweep(tx, now, BATCH)).await? {}
    while core.db().write_house_bulk(move |tx| once::sweep(tx, now, BATCH)).await? {}
    let nonces = now.minus(NONCES_KEPT);
    while core.db().write_house_bulk(move |tx| cell_nonces::sweep(tx, nonces, BATCH)).await? {}
    let ended = now.minus(REVOCATIONS_KEPT);
    while core.db().write_house_bulk(move |tx| revocations::trim(tx, ended, BATCH)).await? {}
    Ok(())
}
