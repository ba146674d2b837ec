//! Delivering mail: letters are claimed by a lease, sent, and settled.

use super::next_round;
use crate::mail::{Claimed, Counters, Happened, Letter, Mailer, Outcome, deliver_batch};
use doorward_core::outbox::{self, Delivery};
use doorward_core::{Core, Error};
use doorward_model::{Email, Happening, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// How often the outbox is looked at: mail arrives within a second of its cause.
const MAIL_ROUND: Duration = Duration::from_millis(500);

pub(super) async fn deliver(
    core: Core,
    mailer: Option<Arc<Mailer>>,
    counters: Arc<Counters>,
    mut stopped: watch::Receiver<bool>,
) {
    while next_round(&mut stopped, MAIL_ROUND).await {
        if let Err(fault) = deliver_round(&core, mailer.as_ref(), &counters).await {
            tracing::warn!(%fault, "the outbox could not be read");
        }
    }
}

/// Without a mailer the letters wait; how long is told all the same.
async fn deliver_round(core: &Core, mailer: Option<&Arc<Mailer>>, counters: &Counters) -> Result<(), Error> {
    let oldest = outbox::oldest_waiting(core).await?;
    counters.set_oldest_waiting(oldest);
    let (Some(_), Some(mailer)) = (oldest, mailer) else { return Ok(()) };
    let (lease, letters) = outbox::claim(core).await?;
    let mut batch = Vec::new();
    for letter in &letters {
        match claimed(core, letter) {
            Some(claimed) => batch.push(claimed),
            None => {
                let reason = "the recipient's address is broken".to_owned();
                settle(core, lease, letter, Delivery::GivenUp { reason }).await;
            }
        }
    }
    for settled in deliver_batch(mailer, batch, core.now(), counters).await {
        let Some(letter) = letters.iter().find(|letter| letter.id == settled.id) else { continue };
        let delivery = match settled.outcome {
            Outcome::Sent => Delivery::Sent,
            Outcome::Retry { at, reason } => Delivery::Later { at, reason },
            Outcome::Failed { reason } => Delivery::GivenUp { reason },
        };
        settle(core, lease, letter, delivery).await;
    }
    Ok(())
}

/// Writes an outcome down. One that cannot be written must not keep the others from it, or all of them go out again
/// when the lease ends.
async fn settle(core: &Core, lease: Uuid, letter: &outbox::Letter, delivery: Delivery) {
    if let Err(fault) = outbox::settle(core, lease, letter, delivery).await {
        tracing::warn!(%fault, mail = %letter.id, "a mail's outcome was not written; it may go out twice");
    }
}

fn claimed(core: &Core, letter: &outbox::Letter) -> Option<Claimed> {
    let content = &letter.content;
    let near = |address: &str| core.places().near(address.parse().ok()?, content.language());
    let place = content.details.get("address").and_then(|address| near(address));
    let place = place.map(|place| ("near".to_owned(), place));
    Some(Claimed {
        letter: Letter {
            id: letter.id,
            kind: letter.kind,
            to: Email::parse(&content.to).ok()?,
            language: content.language(),
            tenant_name: content.tenant_name.clone(),
            person_name: content.person_name.clone(),
            link: content.link.clone(),
            details: content.details.clone().into_iter().chain(place).collect(),
            happened: content.happened.iter().filter_map(|told| happened(told, near)).collect(),
        },
        attempts: u32::try_from(letter.attempt).unwrap_or(u32::MAX),
        created_at: letter.created_at,
    })
}

/// What a digest tells of; a newer version's word is left out.
fn happened(told: &outbox::Happened, near: impl Fn(&str) -> Option<String>) -> Option<Happened> {
    Some(Happened {
        what: Happening::parse(&told.what)?,
        at: Timestamp::from_micros(told.at),
        near: told.address.as_deref().and_then(near),
        address: told.address.clone(),
    })
}
