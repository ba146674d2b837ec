//! Background work: delivering mail (`delivering.rs`), filling in what a new version needs (`filling.rs`), doing what takes
//! long, and forgetting what nobody needs any more. Each job stops when the server does.

mod delivering;
mod filling;

use crate::cell::{announce, follow};
use crate::wiring::Wired;
use delivering::deliver;
use doorward_core::digests::{self, Round};
use doorward_core::leases::{self, Work};
use doorward_core::sweep::Walks;
use doorward_core::{Core, Error, pulse, sweep, usage, verify, works};
use filling::{filling, older_node_writes};
use std::iter::repeat;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the uses of sessions are written down; what a crash loses of them.
const USES_ROUND: Duration = Duration::from_secs(1);
/// How often what was used is written down; what a crash loses of it.
const USAGE_ROUND: Duration = Duration::from_secs(2);
/// How long that may go on once the server ends: a store that is away shall not hold it up. It may be waited for twice, for what is
/// being written and for the last, which is less than [`LAST_ROUNDS`].
const LAST_USAGE: Duration = Duration::from_secs(4);
/// The pause before changed doors are read again that could not be.
const DOORS_PAUSE: Duration = Duration::from_secs(1);
/// How often it is looked who is due to be told what happened to their account: of an hour's digest, seconds do not matter.
const DIGEST_ROUND: Duration = Duration::from_secs(10);
/// The pause after a batch of them that queued mails: no more than the outbox sends meanwhile.
const DIGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often expired rows are swept.
const SWEEP_ROUND: Duration = Duration::from_secs(600);
/// How long a node sweeps for all: until after its next round. Where it died, another takes over within two rounds.
const SWEEP_LEASE: Duration = Duration::from_secs(660);

/// How often it is looked for long work that somebody began: it begins while they still look at its page.
const WORK_ROUND: Duration = Duration::from_millis(500);
/// The pause between two batches of long work, and of people who got no digest, so that whoever waits for a write goes first.
const WORK_PAUSE: Duration = Duration::from_millis(10);
/// How long a node does works for all, and is prolonged by each batch. Where it died, another goes on after that.
const WORK_LEASE: Duration = Duration::from_secs(30);

/// The ends of a node's work that come after its listener: its jobs' last rounds, and connections that linger.
const LAST_ROUNDS: Duration = Duration::from_secs(10);

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
        tasks.spawn(beating(core.clone(), stopped.clone()));
        for (cell, channel) in wired.channel.iter().flat_map(|it| it.cells().into_iter().zip(repeat(it))) {
            tasks.spawn(follow(core.clone(), Arc::clone(channel), cell, stopped.clone()));
        }
        if wired.channel.is_some() {
            tasks.spawn(announce(core.clone(), stopped.clone()));
        }
        let alone = older_node_writes(core, shutdown_grace);
        tasks.spawn(filling(core.clone(), alone, stopped.clone()));
        tasks.spawn(digesting(core.clone(), alone, stopped.clone()));
        tasks.spawn(working(core.clone(), stopped.clone()));
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

/// Does some work to its end, or until the server has been ending for so long: then nothing comes of it.
async fn until_ended<T>(
    work: impl Future<Output = T>,
    stopped: &watch::Receiver<bool>,
    most: Duration,
) -> Option<T> {
    let mut stopped = stopped.clone();
    let ended = async move {
        // Whoever would have said so is gone: that is an end, too.
        drop(stopped.wait_for(|stop| *stop).await.map(|_| ()));
        tokio::time::sleep(most).await;
    };
    tokio::select! {
        done = work => Some(done),
        () = ended => None,
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

async fn noting_uses(core: Core, mut stopped: watch::Receiver<bool>) {
    let mut goes_on = true;
    while goes_on {
        goes_on = next_round(&mut stopped, USES_ROUND).await;
        if let Err(fault) = verify::flush(&core).await {
            tracing::warn!(%fault, "the uses of sessions were not noted; they are tried again");
        }
    }
}

/// Tells people what happened to their accounts, once this version is `alone`: an older one cannot read the mails that tell them.
async fn digesting(core: Core, alone: Duration, mut stopped: watch::Receiver<bool>) {
    let mut pause = alone.max(DIGEST_ROUND);
    while next_round(&mut stopped, pause).await {
        pause = match digests::round(&core).await {
            Ok(Round::Mailed) => DIGEST_PAUSE,
            Ok(Round::GoesOn) => WORK_PAUSE,
            Ok(Round::Done) => DIGEST_ROUND,
            Err(fault) => {
                tracing::warn!(%fault, "digests were not made; they are tried again");
                DIGEST_ROUND
            }
        };
    }
}

/// Writes down what was used, every round or once much waits; and what is left, when the server ends.
async fn counting_uses(core: Core, mut stopped: watch::Receiver<bool>) {
    let mut goes_on = true;
    while goes_on {
        goes_on = tokio::select! {
            goes_on = next_round(&mut stopped, USAGE_ROUND) => goes_on,
            () = usage::pressed(&core) => true,
        };
        let Some(flushed) = until_ended(usage::flush(&core), &stopped, LAST_USAGE).await else {
            tracing::warn!("what was used last was not written down: the store did not answer until the end");
            return;
        };
        if let Err(fault) = flushed {
            tracing::warn!(%fault, "what was used was not written down; it is tried again");
            // Much may wait still, and whoever writes in a hurry to a store that is away helps nobody.
            goes_on = goes_on && next_round(&mut stopped, USAGE_ROUND).await;
        }
    }
}

/// Notes every minute how the node does, for the console.
async fn beating(core: Core, mut stopped: watch::Receiver<bool>) {
    while next_round(&mut stopped, pulse::INTERVAL).await {
        if let Err(fault) = pulse::beat(&core).await {
            tracing::warn!(%fault, "how this node does was not noted; the console shows a gap");
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn work_that_does_not_end_holds_a_server_up_for_seconds_only() {
        let (stop, stopped) = watch::channel(false);
        assert_eq!(until_ended(ready(7), &stopped, LAST_USAGE).await, Some(7));
        let begun = Instant::now();
        let hour = async {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            stop.send_replace(true);
            pending::<()>().await;
        };
        assert_eq!(until_ended(hour, &stopped, LAST_USAGE).await, None);
        assert_eq!(begun.elapsed(), Duration::from_secs(3_600) + LAST_USAGE);
        assert_eq!(until_ended(ready(7), &stopped, LAST_USAGE).await, Some(7), "what is quick is done");
    }
}
