//! How a transaction begins: what it is for, and what holds for it.

use super::Link;
use crate::engine::{Behind, postgres::errors::Failure};

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
             SELECT pg_is_in_recovery(), current_setting('synchronous_standby_names', true), pg_backend_pid(), \
             extract(epoch FROM pg_postmaster_start_time())"
        ));
        let rows = rows.inspect_err(|_| self.broken.set(true))?;
        let [recovering, standbys, backend, started] =
            rows.into_iter().next().unwrap_or_default().try_into().unwrap_or_default();
        if recovering.as_deref() == Some("t") {
            self.broken.set(true);
            return Err(Failure::Standby("the server became a standby".to_owned()));
        }
        let has_standbys = standbys.is_some_and(|names| !names.trim().is_empty());
        let started = started.map_or(0, |seconds| micros(&seconds));
        self.behind.set(Behind { started, has_standbys });
        self.must_write.set(purpose == Purpose::Write && has_standbys);
        let backend = backend.and_then(|number| number.parse().ok()).unwrap_or(0);
        let before = self.backend.replace(backend);
        if before != 0 && before != backend {
            self.moved.set(true);
        }
        Ok(())
    }

    /// Who answered when the last transaction began.
    pub(in crate::engine::postgres) fn behind(&self) -> Behind {
        self.behind.get()
    }

    /// Whether two transactions had two sessions: a pooler stands in between.
    pub(in crate::engine::postgres) fn has_moved(&self) -> bool {
        self.moved.get()
    }

    /// Whether a pooler in transaction mode stands in between: it gives the session that this connection had a moment ago
    /// to the next one that begins. One that does not is found out when a later transaction has another session.
    pub(in crate::engine::postgres) fn shares_sessions_with(&self, other: &Self) -> Result<bool, Failure> {
        self.begin(Purpose::Read)?;
        self.roll_back();
        let own = self.backend.get();
        other.begin(Purpose::Read)?;
        let is_shared = other.backend.get() == own;
        if !is_shared {
            self.begin(Purpose::Read)?;
            self.roll_back();
        }
        other.roll_back();
        Ok(is_shared || self.has_moved())
    }
}

/// `seconds.micros`, as the server writes a time that has six digits behind the point.
fn micros(text: &str) -> i64 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}
