//! How nodes wake each other, so that a revocation is heard before the next look: an accelerator and nothing more.

use super::Link;
use crate::engine::postgres::errors::Failure;
use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};

/// All notifications of a cluster pass one lock at their commit. Who does not get it soon does not ring: the others look
/// at the log by themselves in a moment.
const TURN_MILLIS: u64 = 50;

impl Link {
    /// Rings for other nodes. It is a transaction of its own, after the one that revoked: inside that one it would make
    /// it wait for whatever else is being notified in the cluster, and fail it where the server's queue is full. Nothing
    /// of it has to be kept, so it waits for no disk and no standby.
    pub(in crate::engine::postgres) fn ring(&self) -> Result<(), Failure> {
        let rung = self.batch(&format!(
            "BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = {TURN_MILLIS}; \
             NOTIFY doorward_revocations; COMMIT"
        ));
        if rung.is_err() {
            self.roll_back();
        }
        rung
    }

    /// Hears other nodes ring from now on.
    pub(in crate::engine::postgres) fn listen(&self) -> Result<(), Failure> {
        if self.hears { self.batch("LISTEN doorward_revocations") } else { Ok(()) }
    }

    /// Waits until another node rings, this one wants something, or this time is over.
    pub(in crate::engine::postgres) fn wait_for_bell(&self, wake: &Notify, most: Duration) {
        let (mut rung, mut woken) = (pin!(self.bell.notified()), pin!(wake.notified()));
        let either = poll_fn(|cx| {
            let is_over = rung.as_mut().poll(cx).is_ready() || woken.as_mut().poll(cx).is_ready();
            if is_over { Poll::Ready(()) } else { Poll::Pending }
        });
        // Whichever it is, the log is read next.
        drop(self.runtime.block_on(async { timeout(most, either).await }));
    }
}
