//! Background work: delivering mail, and forgetting what nobody needs any more. Each job stops when the server does.

use crate::cell::{announce, follow};
use crate::mail::{Claimed, Counters, Happened, Letter, Mailer, Outcome, deliver_batch};
use crate::wiring::Wired;
use doorward_core::leases::{self, Work};
use doorward_core::outbox::{self, Delivery};
use doorward_core::sweep::Walks;
use doorward_core::{Core, Error, OUSTED_ROUND, digests, people, sweep, usage, verify, works};
use doorward_model::{Email, Happening, Timestamp};
use std::iter::repeat;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

/// How often the outbox is looked at: mail arrives within a second of its cause.
const MAIL_ROUND: Duration = Duration::from_millis(500);
/// How often the uses of sessions are written down; what a crash loses of them.
const USES_ROUND: Duration = Duration::from_secs(1);
/// How often what was used is written down; what a crash loses of it.
const USAGE_ROUND: Duration = Duration::from_secs(2);
/// The pause before changed doors are read again that could not be.
const DOORS_PAUSE: Duration = Duration::from_secs(1);
/// How often it is looked who is due to be told what happened to their account: of an hour's digest, seconds do not matter.
const DIGEST_ROUND: Duration = Duration::from_secs(10);
/// The pause between two batches of them: no more than the outbox sends meanwhile.
const DIGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often expired rows are swept.
const SWEEP_ROUND: Duration = Duration::from_secs(600);
/// How long a node sweeps for all: until after its next round. Where it died, another takes over within two rounds.
const SWEEP_LEASE: Duration = Duration::from_secs(660);

/// The pause between two pieces that are filled in, so that whoever waits for a write goes first.
const FILL_PAUSE: Duration = Duration::from_millis(10);
/// When a node looks again whether another has filled everything in, or has died over it.
const FILL_ROUND: Duration = Duration::from_secs(30);
/// How long a node fills in for all, and is prolonged by each piece.
const FILL_LEASE: Duration = Duration::from_secs(60);

/// How often it is looked for long work that somebody began: it begins while they still look at its page.
const WORK_ROUND: Duration = Duration::from_millis(500);
/// The pause between two batches of long work, so that whoever waits for a write goes first.
const WORK_PAUSE: Duration = Duration::from_millis(10);
/// How long a node does works for all, and is prolonged by each batch. Where it died, another goes on after that.
const WORK_LEASE: Duration = Duration::from_secs(30);

/// The ends of a node's work that come after its listener: its jobs' last rounds, and connections that linger.
const LAST_ROUNDS: Duration = Duration::from_secs(10);

/// How long a node of an older version, which knows nothing of these words, may go on writing people after this one has
/// taken the database over: until it looks, until it has finished what it was asked, and until its jobs have ended. Whoever
/// is filled in before that may be missed. One process alone has an embedded database, so nobody is waited for there.
fn older_node_writes(core: &Core, shutdown_grace: Duration) -> Duration {
    if core.db().engine() == "sqlite" {
        return Duration::ZERO;
    }
    OUSTED_ROUND.saturating_add(shutdown_grace).saturating_add(LAST_ROUNDS)
}

/// The running jobs.
pub(crate) struct Jobs {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Jobs {
    /// Starts every job. `shutdown_grace` is how long nodes finish what they were asked.
    pub(crate) fn start(wired: &Wired, shutdown_grace: Duration) -> Self {
        let (core, mailer, counters) = (&wired.core, wired.mailer.as_ref(), &wired.mail_counters);
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(deliver(core.clone(), mailer.cloned(), Arc::clone(counters), stopped.clone()));
        tasks.spawn(noting_uses(core.clone(), stopped.clone()));
        tasks.spawn(counting_uses(core.clone(), stopped.clone()));
        tasks.spawn(opening_doors(core.clone(), stopped.clone()));
        for (cell, channel) in wired.channel.iter().flat_map(|it| it.cells().into_iter().zip(repeat(it))) {
            tasks.spawn(follow(core.clone(), Arc::clone(channel), cell, stopped.clone()));
        }
        if wired.channel.is_some() {
            tasks.spawn(announce(core.clone(), stopped.clone()));
        }
        tasks.spawn(filling(core.clone(), older_node_writes(core, shutdown_grace), stopped.clone()));
        tasks.spawn(working(core.clone(), stopped.clone()));
        tasks.spawn(digesting(core.clone(), stopped.clone()));
        tasks.spawn(sweeping(core.clone(), stopped));
        Self { tasks, stop }
    }

    /// Lets each job finish its round, and waits for it.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Waits for the next round; `false` when there is none.
async fn next_round(stopped: &mut watch::Receiver<bool>, pause: Duration) -> bool {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => false,
        () = tokio::time::sleep(pause) => true,
    }
}

/// Reads the doors when somebody changed them, on whichever node; until it succeeds.
async fn opening_doors(core: Core, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = core.doors_changed() => {}
        }
        while let Err(fault) = core.load_doors().await {
            tracing::warn!(%fault, "changed doors could not be read");
            if !next_round(&mut stopped, DOORS_PAUSE).await {
                return;
            }
        }
    }
}

async fn deliver(
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
            happened: content.happened.iter().filter_map(|told| happened(told, &near)).collect(),
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

async fn noting_uses(core: Core, mut stopped: watch::Receiver<bool>) {
    let mut goes_on = true;
    while goes_on {
        goes_on = next_round(&mut stopped, USES_ROUND).await;
        if let Err(fault) = verify::flush(&core).await {
            tracing::warn!(%fault, "the uses of sessions were not noted; they are tried again");
        }
    }
}

/// Tells people what happened to their accounts.
async fn digesting(core: Core, mut stopped: watch::Receiver<bool>) {
    let mut pause = DIGEST_ROUND;
    while next_round(&mut stopped, pause).await {
        pause = match digests::round(&core).await {
            Ok(true) => DIGEST_PAUSE,
            Ok(false) => DIGEST_ROUND,
            Err(fault) => {
                tracing::warn!(%fault, "digests were not made; they are tried again");
                DIGEST_ROUND
            }
        };
    }
}

/// Fills in, for those who were here before an upgrade, the words they are found by; then there is nothing left to do.
/// Writes down what was used, every round or once much waits; and what is left, when the server ends.
async fn counting_uses(core: Core, mut stopped: watch::Receiver<bool>) {
    let mut goes_on = true;
    while goes_on {
        goes_on = tokio::select! {
            goes_on = next_round(&mut stopped, USAGE_ROUND) => goes_on,
            () = usage::pressed(&core) => true,
        };
        if let Err(fault) = usage::flush(&core).await {
            tracing::warn!(%fault, "what was used was not written down; it is tried again");
            // Much may wait still, and whoever writes in a hurry to a store that is away helps nobody.
            goes_on = goes_on && next_round(&mut stopped, USAGE_ROUND).await;
        }
    }
}

/// Fills in, for those who were here before an upgrade, the words they are found by and the kinds of their passwords; then there is
/// nothing left to do.
async fn filling(core: Core, first: Duration, mut stopped: watch::Receiver<bool>) {
    let mut pause = first;
    while next_round(&mut stopped, pause).await {
        pause = match fill_round(&core).await {
            Ok(Filling::Done) => return,
            Ok(Filling::GoesOn) => FILL_PAUSE,
            Ok(Filling::Elsewhere) => FILL_ROUND,
            Err(fault) => {
                tracing::warn!(%fault, "what a new version needs of people was not filled in");
                FILL_ROUND
            }
        };
    }
}

/// How far filling in has come.
enum Filling {
    Done,
    GoesOn,
    /// Another node does it.
    Elsewhere,
}

async fn fill_round(core: &Core) -> Result<Filling, Error> {
    let (words, passwords) = (people::is_search_filled(core).await?, usage::is_filled(core).await?);
    if words && passwords {
        return Ok(Filling::Done);
    }
    if !leases::claim(core, Work::Fill, FILL_LEASE).await? {
        return Ok(Filling::Elsewhere);
    }
    let goes_on =
        if words { usage::fill(core).await? } else { people::fill_search(core).await? || !passwords };
    Ok(if goes_on { Filling::GoesOn } else { Filling::Done })
}

/// Does long work, a batch at a time. A server that stops finishes its batch; the next goes on behind it.
async fn working(core: Core, mut stopped: watch::Receiver<bool>) {
    let mut pause = WORK_ROUND;
    while next_round(&mut stopped, pause).await {
        pause = match work_round(&core).await {
            Ok(true) => WORK_PAUSE,
            Ok(false) => WORK_ROUND,
            Err(fault) => {
                tracing::warn!(%fault, "long work did not go on");
                WORK_ROUND
            }
        };
    }
}

async fn work_round(core: &Core) -> Result<bool, Error> {
    if works::is_any_due(core).await? && leases::claim(core, Work::Works, WORK_LEASE).await? {
        works::go_on(core).await
    } else {
        Ok(false)
    }
}

/// A large round takes minutes; a server that stops does not wait for it.
async fn sweeping(core: Core, mut stopped: watch::Receiver<bool>) {
    let mut walks = Walks::default();
    while next_round(&mut stopped, SWEEP_ROUND).await {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            swept = sweep_round(&core, &mut walks) => if let Err(fault) = swept {
                tracing::warn!(%fault, "expired rows were not swept");
            },
        }
    }
}

async fn sweep_round(core: &Core, walks: &mut Walks) -> Result<(), Error> {
    if leases::claim(core, Work::Sweep, SWEEP_LEASE).await? {
        sweep::sweep(core, walks).await
    } else {
        Ok(())
    }
}
