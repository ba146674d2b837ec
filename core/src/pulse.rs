//! How the node did in the last hour, minute by minute, for a glance at the console: how many are signed in, what the hash queue
//! did, how many mails wait. Kept in memory and gone with the process; a minute in which the store did not answer is left out. Whoever
//! watches over days scrapes `/metrics`.

use crate::manage::Scope;
use crate::usage::{Count, SESSIONS_COUNTED};
use crate::{Actor, Core, Error, Result};
use doorward_crypto::password::Stats;
use doorward_model::Timestamp;
use doorward_store::{mails, sessions};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// From one beat to the next.
pub const INTERVAL: Duration = Duration::from_secs(60);
/// Beats that are kept: an hour of them.
pub const KEPT: usize = 60;

/// One minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Beat {
    /// Its end.
    pub at: Timestamp,
    /// Sessions alive in the whole installation.
    pub sessions: Count,
    /// Password hashes that this node computed since the beat before.
    pub hashed: u64,
    /// Those it refused since then, because its queue was full.
    pub refused: u64,
    /// Those that waited at the end.
    pub waiting: usize,
    /// Mails of the whole installation that waited to be sent.
    pub mails: i64,
}

/// The beats of a node, the first first.
#[derive(Default)]
pub(crate) struct Pulse(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    beats: VecDeque<Beat>,
    /// Hashes computed and refused up to the last beat.
    hashed: u64,
    refused: u64,
}

impl Kept {
    /// What came since the last beat.
    fn since(&self, at: Timestamp, (sessions, mails): (Count, i64), stats: &Stats) -> Beat {
        Beat {
            at,
            sessions,
            hashed: stats.finished.saturating_sub(self.hashed),
            refused: stats.refused.saturating_sub(self.refused),
            waiting: stats.waiting,
            mails,
        }
    }
}

/// Notes how it is now. To be called every [`INTERVAL`].
pub async fn beat(core: &Core) -> Result<()> {
    let (at, counted, stats) = (core.now(), counted(core).await?, core.hashes().stats());
    let mut kept = core.pulse().0.lock().unwrap_or_else(PoisonError::into_inner);
    let beat = kept.since(at, counted, &stats);
    if kept.beats.len() == KEPT {
        kept.beats.pop_front();
    }
    kept.beats.push_back(beat);
    (kept.hashed, kept.refused) = (stats.finished, stats.refused);
    Ok(())
}

/// The beats that are kept, the first first; behind them how it is now, so that there is always one. For operators.
///
/// Errors: [`Error::NotAllowed`].
pub async fn beats(core: &Core, actor: &Actor) -> Result<Vec<Beat>> {
    if !actor.runs_house(Scope::UsageRead) {
        return Err(Error::NotAllowed);
    }
    let (at, counted, stats) = (core.now(), counted(core).await?, core.hashes().stats());
    let kept = core.pulse().0.lock().unwrap_or_else(PoisonError::into_inner);
    let now = kept.since(at, counted, &stats);
    Ok(kept.beats.iter().copied().chain([now]).collect())
}

async fn counted(core: &Core) -> Result<(Count, i64)> {
    let (now, most) = (core.now(), SESSIONS_COUNTED);
    let read = core.db().read_house(move |tx| {
        let (waiting, _) = mails::waiting(tx)?;
        Ok((Count::up_to(most, sessions::count_live_up_to(tx, now, most + 1)?), waiting))
    });
    Ok(read.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_what_came_since_the_last_and_what_waits_now() {
        let stats = |finished, refused, waiting| Stats {
            waiting,
            running: 2,
            finished,
            refused,
            abandoned: 9,
            threads: 2,
            memory_bytes: 0,
        };
        let kept = Kept { beats: VecDeque::new(), hashed: 40, refused: 3 };
        let counted = (Count { counted: 7, is_more: false }, 5);
        let beat = kept.since(Timestamp::from_micros(60_000_000), counted, &stats(50, 4, 6));
        assert_eq!((beat.hashed, beat.refused, beat.waiting), (10, 1, 6));
        assert_eq!((beat.sessions.counted, beat.mails), (7, 5));
    }
}
