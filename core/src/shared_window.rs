//! The window of a key whose calls several nodes count together, in one row per key: at most N of them pass in any window of
//! W, whichever node each came to.
//!
//! A call passes this node's own window first, in which verify's calls with the key count too; those are never
//! counted together, since a question asked on every request must not cost a write. So with M nodes a key makes at most N
//! calls like this in a window, and at most M × N of all kinds. A node that is alone asks nobody.

use crate::windows::{Full, Window};
use crate::{Core, Result};
use doorward_model::{AccessKeyId, PoolId, RateLimit, Timestamp};
use doorward_store::{Error as StoreError, Tx, key_windows};

/// Lets a call with a key pass and counts it.
///
/// Errors: [`crate::Error::RateLimited`] with the moment from which the next one passes. While the database takes no writes,
/// each node counts for itself: whoever has a good key is not shut out for that.
pub(crate) async fn admit(core: &Core, pool: PoolId, key: AccessKeyId, limit: RateLimit) -> Result<()> {
    let windows = &core.windows().keys;
    let passed = windows.admit(key, limit)?;
    if !core.db().is_shared() {
        return Ok(());
    }
    let now = core.now();
    // A power cut may undo it: what it forgets is over in seconds.
    let counted = core.db().write_soon(pool, move |tx| count(tx, key, limit, now)).await;
    match counted {
        Ok(Ok(())) => Ok(()),
        Ok(Err(full)) => {
            windows.take_back(&key, passed);
            Err(full.into())
        }
        Err(fault) => {
            tracing::warn!(%fault, %key, "a call was counted at this node only");
            Ok(())
        }
    }
}

/// A refused call is not written: the row is as it was.
fn count(
    tx: &mut Tx<'_>,
    key: AccessKeyId,
    limit: RateLimit,
    now: Timestamp,
) -> std::result::Result<std::result::Result<(), Full>, StoreError> {
    let mut passed = key_windows::find(tx, key)?;
    // A call that is later than any window of now was counted by a clock that ran ahead (P21): it would shut the key.
    passed.retain(|at| *at <= now.plus(limit.window));
    let mut window = Window::of(passed);
    // Clocks of nodes differ a little, and the moments of a window are in order.
    let now = window.latest().map_or(now, |latest| latest.max(now));
    if let Err(full) = window.admit(limit, now) {
        return Ok(Err(full));
    }
    let (passed, empty_at) = window.calls();
    key_windows::put(tx, key, passed, empty_at)?;
    Ok(Ok(()))
}
