//! One round of the mail worker: a batch of claimed letters goes out, each with an outcome to settle.
//!
//! The loop around it (claim under a lease, settle, wait for the next due row) belongs to the server's jobs. A letter
//! whose outcome is lost, by a crash or a panic, is claimed again when its lease runs out and goes out under the same
//! Message-ID.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::outbox::{BATCH, LEASE};
use doorward_model::{MailId, Timestamp};
use tokio::task::JoinSet;

use super::{Counters, DeliveryError, Fault, Letter, Mailer, backoff};

/// How many letters are under way at a time: connections an SMTP server takes from one client without complaint.
const PARALLEL: u32 = 8;
/// What a round may take beyond its sending: rendering, a busy machine, the settling writes.
const SLACK: Duration = Duration::from_secs(20);

/// The longest that one delivery may take: a full batch is sent and settled within its lease, so that no second worker
/// takes a letter that is still being sent.
pub const LONGEST_TIMEOUT: Duration =
    Duration::from_secs(LEASE.saturating_sub(SLACK).as_secs() / BATCH.div_ceil(PARALLEL) as u64);

/// A letter that this process holds the lease of.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The letter.
    pub letter: Letter,
    /// Attempts including the one now to be made; the first is 1.
    pub attempts: u32,
    /// When the letter was caused.
    pub created_at: Timestamp,
}

/// What to write into the outbox row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Which row.
    pub id: MailId,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier took it: the payload can be erased.
    Sent,
    /// Try again.
    Retry {
        /// Not before this time.
        at: Timestamp,
        /// Why, for the operator; no recipient, no secret.
        reason: String,
    },
    /// Given up: the payload can be erased.
    Failed {
        /// Why, for the operator; no recipient, no secret.
        reason: String,
    },
}

/// Sends a batch, a few letters at a time. Once the server itself fails, the rest is put off unsent: each would only
/// wait for the same timeout. A letter that is missing from the result stays leased.
pub async fn deliver_batch(
    mailer: &Arc<Mailer>,
    batch: Vec<Claimed>,
    now: Timestamp,
    counters: &Counters,
) -> Vec<Settled> {
    let mut settled = Vec::with_capacity(batch.len());
    let mut waiting = batch.into_iter();
    let mut outage: Option<DeliveryError> = None;
    while waiting.len() > 0 {
        let group: Vec<Claimed> = waiting.by_ref().take(PARALLEL as usize).collect();
        let results = match &outage {
            Some(error) => group.into_iter().map(|claimed| (claimed, Err(error.clone()))).collect(),
            None => deliver_group(mailer, group, now).await,
        };
        for (claimed, result) in results {
            outage = outage.or_else(|| result.as_ref().err().filter(|e| e.fault == Fault::Server).cloned());
            settled.push(settle(&claimed, result, now, counters));
        }
    }
    settled
}

type Attempted = (Claimed, Result<(), DeliveryError>);

async fn deliver_group(mailer: &Arc<Mailer>, group: Vec<Claimed>, now: Timestamp) -> Vec<Attempted> {
    let mut tasks = JoinSet::new();
    for claimed in group {
        let mailer = Arc::clone(mailer);
        tasks.spawn(async move {
            let result = mailer.deliver(&claimed.letter, now).await;
            (claimed, result)
        });
    }
    let mut attempted = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(done) => attempted.push(done),
            Err(error) => tracing::error!(panicked = error.is_panic(), "a mail delivery ended early"),
        }
    }
    attempted
}

fn settle(
    claimed: &Claimed,
    result: Result<(), DeliveryError>,
    now: Timestamp,
    counters: &Counters,
) -> Settled {
    let id = claimed.letter.id;
    let outcome = match result {
        Ok(()) => {
            counters.count_sent();
            Outcome::Sent
        }
        Err(error)
            if error.is_permanent() || backoff::gives_up(claimed.created_at, claimed.attempts, now) =>
        {
            counters.count_failed();
            tracing::warn!(mail = %id, attempts = claimed.attempts, reason = error.reason, "mail given up");
            Outcome::Failed { reason: error.reason }
        }
        Err(error) => {
            counters.count_retried();
            tracing::info!(mail = %id, attempts = claimed.attempts, reason = error.reason, "mail put off");
            let at = now.plus(backoff::delay(claimed.attempts, error.fault));
            Outcome::Retry { at, reason: error.reason }
        }
    };
    Settled { id, outcome }
}
