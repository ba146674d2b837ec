//! How often mail may be asked for: the one rule for everything that mails somebody on a caller's word, whichever door
//! the caller stands at. Where the mail goes is decided elsewhere.
//!
//! Two tallies, by keyed hash. Whoever asks from one address too often is refused before anybody is looked for, so alike
//! for every account; an account that was mailed enough is mailed no more, and nobody is told (P8). Both are counted per
//! pool, as the limits are a pool's: [`crate::attempts`] says why.

use crate::attempts::{one_caller, subject};
use crate::{Caller, Core, Error, Result};
use doorward_model::{EffectivePolicy, Email, Purpose, Timestamp};
use doorward_store::{Error as StoreError, Tx, tallies};
use std::time::Duration;

/// In how long the requests of one address are counted together; the same as its failures.
const ADDRESS_SPAN: Duration = Duration::from_secs(600);
/// Mails of one purpose that an account is sent within a span. When they are used up, the newest of them is still good,
/// so nobody is kept out by a stranger who asks in their name.
const MOST_MAILS: i64 = 5;
/// A span is as long as a code's life, but never shorter: a policy of short-lived codes must not fill a mailbox.
const SHORTEST_SPAN: Duration = Duration::from_secs(30 * 60);

/// Counts a request for mail to whomever. [`Error::Throttled`] where too many came from the caller's address.
pub(crate) fn admit_caller(
    core: &Core,
    tx: &mut Tx<'_>,
    caller: &Caller,
    policy: &EffectivePolicy,
    now: Timestamp,
) -> Result<Result<()>, StoreError> {
    let address = one_caller(caller.address);
    let address = subject(core, tx.pool(), "mails asked for by", &[address.as_bytes()]);
    let tally = tallies::count(tx, &address, now, now.plus(ADDRESS_SPAN))?;
    Ok(if tally.count > i64::from(policy.address_mails) {
        Err(Error::Throttled { retry_after: tally.ends_at.since(now) })
    } else {
        Ok(())
    })
}

/// Counts a mail with a code of this purpose and lifetime, and says whether it may go out. Where `is_meant` is false it
/// may not, and a row is written all the same, for nobody: what nobody is sent must not use up what somebody may be.
pub(crate) fn admit_mail(
    core: &Core,
    tx: &mut Tx<'_>,
    to: &Email,
    (purpose, lifetime): (Purpose, Duration),
    is_meant: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let kind = if is_meant { "mails to" } else { "mails to nobody, not to" };
    let account = subject(core, tx.pool(), kind, &[purpose.as_str().as_bytes(), to.canonical().as_bytes()]);
    let tally = tallies::count(tx, &account, now, now.plus(lifetime.max(SHORTEST_SPAN)))?;
    Ok(is_meant && tally.count <= MOST_MAILS)
}
