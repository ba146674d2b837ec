//! Filling in what a new version needs of those who were here before.

use super::{LAST_ROUNDS, next_round};
use doorward_core::leases::{self, Work};
use doorward_core::{Core, Error, OUSTED_ROUND, people, usage};
use std::time::Duration;
use tokio::sync::watch;

/// The pause between two pieces that are filled in, so that whoever waits for a write goes first.
const FILL_PAUSE: Duration = Duration::from_millis(10);
/// When a node looks again whether another has filled everything in, or has died over it.
const FILL_ROUND: Duration = Duration::from_secs(30);
/// How long a node fills in for all, and is prolonged by each piece.
const FILL_LEASE: Duration = Duration::from_secs(60);

/// How long a node of an older version, which knows nothing of these words, may go on writing people after this one has
/// taken the database over: until it looks, until it has finished what it was asked, and until its jobs have ended. Whoever
/// is filled in before that may be missed. One process alone has an embedded database, so nobody is waited for there.
pub(super) fn older_node_writes(core: &Core, shutdown_grace: Duration) -> Duration {
    if core.db().engine() == "sqlite" {
        return Duration::ZERO;
    }
    OUSTED_ROUND.saturating_add(shutdown_grace).saturating_add(LAST_ROUNDS)
}

/// Fills in, for those who were here before an upgrade, the words they are found by and the kinds of their passwords; then there is
/// nothing left to do.
pub(super) async fn filling(core: Core, first: Duration, mut stopped: watch::Receiver<bool>) {
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
