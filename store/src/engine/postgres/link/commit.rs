//! How a transaction ends well, or so that nobody knows.

use super::{Link, WAY, wait::Unheard};
use crate::engine::postgres::errors::{Failure, translate};
use std::{
    hash::{BuildHasher, RandomState},
    pin::pin,
    sync::atomic::Ordering,
};
use tokio::time::timeout;
use tokio_postgres::error::Severity;

/// Rows of `marks`. Each connection writes one that it picks by chance; two that picked the same wait for each other
/// now and then, and the table never grows beyond this.
const SLOTS: u64 = 1 << 12;

/// How a COMMIT ended, if not well.
pub(in crate::engine::postgres) enum NotCommitted {
    /// Nothing was kept.
    Undone(Failure),
    /// Nobody knows: the answer was lost, or the server stopped waiting for its standby.
    Unknown(String),
}

/// A row of one's own, for a while.
pub(super) fn any_slot() -> u64 {
    RandomState::new().hash_one("slot") % SLOTS
}

impl Link {
    /// Commits. An answer that does not come, or comes with a warning, leaves open whether the transaction is kept: a
    /// server that is told to stop waiting for its synchronous standby says COMMIT and warns.
    ///
    /// A transaction that writes nothing waits for no standby either. It may be the second try of one whose wait was
    /// cancelled: it finds the rows of the first, and to acknowledge them would be to promise what a failover loses. So
    /// where standbys are named it writes a mark, whose place in the log is behind those rows.
    pub(in crate::engine::postgres) fn commit(&self) -> Result<(), NotCommitted> {
        self.warned.store(false, Ordering::SeqCst);
        let outcome = self.runtime.block_on(self.confirmed());
        match outcome {
            Ok(()) if self.warned.load(Ordering::SeqCst) => {
                Err(NotCommitted::Unknown("the server warned at COMMIT".to_owned()))
            }
            Ok(()) => Ok(()),
            Err(NotCommitted::Unknown(reason)) => {
                self.broken.set(true);
                Err(NotCommitted::Unknown(reason))
            }
            Err(undone @ NotCommitted::Undone(_)) => {
                // The mark may have failed before COMMIT was reached.
                if self.must_write.get() {
                    self.roll_back();
                }
                Err(undone)
            }
        }
    }

    /// The server's time limit for statements does not hold while it waits for its standby, and until then it keeps the
    /// transaction's locks; so it is told when to stop waiting.
    async fn confirmed(&self) -> Result<(), NotCommitted> {
        let text = if self.must_write.get() {
            format!(
                "INSERT INTO marks (slot, value) SELECT {slot}, 1 WHERE pg_current_xact_id_if_assigned() IS NULL \
                 ON CONFLICT (slot) DO UPDATE SET value = marks.value + 1; COMMIT",
                slot = self.slot
            )
        } else {
            "COMMIT".to_owned()
        };
        let mut commit = pin!(self.client.batch_execute(&text));
        match self.within(self.limits.statement, &mut commit).await {
            Ok(answer) => return answer.map_err(|error| not_committed(&error)),
            Err(Unheard::Silent) => {
                return Err(NotCommitted::Unknown("the server fell silent at COMMIT".to_owned()));
            }
            Err(Unheard::Late) => {}
        }
        let cancelled = timeout(WAY, self.client.cancel_token().cancel_query(self.tls.clone())).await;
        if !matches!(cancelled, Ok(Ok(()))) {
            tracing::warn!("a COMMIT that takes too long could not be cancelled");
        }
        match self.within(WAY, commit).await {
            Ok(answer) => answer.map_err(|error| not_committed(&error)),
            Err(why) => {
                if why == Unheard::Late {
                    self.fell_silent();
                }
                Err(NotCommitted::Unknown(format!(
                    "COMMIT was not answered within {:?}",
                    self.limits.statement
                )))
            }
        }
    }
}

/// Only a server that says ERROR and lives on has rolled back. FATAL and PANIC end a session that may have written its
/// commit already, whatever their code says; so may whatever stands between the server and us, which has no severity of
/// the server's own.
fn not_committed(error: &tokio_postgres::Error) -> NotCommitted {
    let severity = error.as_db_error().and_then(|said| said.parsed_severity());
    match (severity, translate(error)) {
        (
            Some(Severity::Error),
            failure @ (Failure::Again(_) | Failure::Held(_) | Failure::Standby(_) | Failure::Final(_)),
        ) => NotCommitted::Undone(failure),
        (_, failure) => NotCommitted::Unknown(failure.into_reason()),
    }
}
