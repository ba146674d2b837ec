//! How a transaction begins: what it is for, and what holds for it.

use super::Link;
use crate::engine::postgres::errors::Failure;

/// A transaction in which nothing happens for so much longer than one statement may take belongs to a node that is
/// gone: the server ends it, so that it holds up nobody.
const IDLE_FACTOR: u128 = 2;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::postgres) enum Purpose {
    /// Sees one moment, changes nothing.
    Read,
    /// Is kept when it is committed.
    Write,
    /// The same, but a power cut may undo it.
    WriteSoon,
}

impl Link {
    /// Begins a transaction, with everything that holds for it, in one round trip; and makes sure that the server behind
    /// the connection is (still) a primary.
    ///
    /// How durable a commit is may be set for a server, a database or a role, at any time, and a pooler may hand over
    /// another session: so every transaction says it for itself. `on` is the disk here and at the synchronous standby;
    /// `remote_write`, `local` and `off` would acknowledge what a failover can lose.
    pub(in crate::engine::postgres) fn begin(&self, purpose: Purpose) -> Result<(), Failure> {
        let begin = match purpose {
            Purpose::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Purpose::Write | Purpose::WriteSoon => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        };
        let durability = match purpose {
            Purpose::Read | Purpose::Write => "on",
            Purpose::WriteSoon => "off",
        };
        let statement = self.limits.statement.as_millis().max(1);
        let idle = statement.saturating_mul(IDLE_FACTOR);
        // Warnings must come through: one at COMMIT says that the standby has not confirmed it.
        let rows = self.ask(&format!(
            "{begin}; SET LOCAL synchronous_commit = {durability}; SET LOCAL statement_timeout = {statement}; \
             SET LOCAL idle_in_transaction_session_timeout = {idle}; SET LOCAL client_min_messages = warning; \
             SELECT pg_is_in_recovery(), current_setting('synchronous_standby_names', true)"
        ));
        let rows = rows.inspect_err(|_| self.broken.set(true))?;
        let [recovering, standbys] =
            rows.into_iter().next().unwrap_or_default().try_into().unwrap_or_default();
        if recovering.as_deref() == Some("t") {
            self.broken.set(true);
            return Err(Failure::Standby("the server became a standby".to_owned()));
        }
        let has_standbys = standbys.is_some_and(|names| !names.trim().is_empty());
        self.must_write.set(purpose == Purpose::Write && has_standbys);
        Ok(())
    }
}
