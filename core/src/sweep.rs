//! Forgetting what nobody needs any more. Nothing here decides anything: expired rows are dead before they are swept.

use crate::{Core, Result};
use doorward_store::{attempts, mails, sessions, tickets};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Counters untouched for a day have no wait left (the longest is an hour).
const ATTEMPTS_KEPT: Duration = DAY;
/// As long as a place stays known.
const PLACES_KEPT: Duration = DAY.saturating_mul(90);
/// Long enough to answer "did the mail go out?".
const MAILS_KEPT: Duration = DAY.saturating_mul(30);
/// Long enough to answer "was the code used?".
const TICKETS_KEPT: Duration = DAY.saturating_mul(30);
/// Rows a round deletes at most, so that no write waits long behind it.
const BATCH: i64 = 1_000;

/// One round.
pub async fn sweep(core: &Core) -> Result<()> {
    let now = core.now();
    core.db()
        .write_house_bulk(move |tx| {
            attempts::sweep(tx, now.minus(ATTEMPTS_KEPT))?;
            attempts::sweep_places(tx, now.minus(PLACES_KEPT))?;
            mails::sweep(tx, now.minus(MAILS_KEPT))?;
            tickets::sweep(tx, now.minus(TICKETS_KEPT), BATCH)?;
            sessions::sweep(tx, now, BATCH)
        })
        .await?;
    Ok(())
}
