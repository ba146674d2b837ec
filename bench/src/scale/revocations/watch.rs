//! Ends sessions and watches the nodes refuse them.

use super::requests::Connection;
use crate::Result;
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

/// Between an answer and the next question about the same session. Without it those who ask would take the cores from
/// those who are asked.
pub(super) const PAUSE: Duration = Duration::from_millis(1);
/// Longer than this nobody may let a revoked session in; the run ends there.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often is said how far it is.
const SAID_EVERY: u64 = 100;

/// What was seen, sorted.
pub(super) struct Watched {
    /// Of each revocation, until the slower of the other nodes had refused it.
    delays: Vec<Duration>,
    /// Between two looks at a node, the refusal the last: how much earlier it may have happened.
    gaps: Vec<Duration>,
}

impl Watched {
    /// Milliseconds that so many of a hundred took at most.
    pub(super) fn delay(&self, percent: usize) -> f64 {
        percentile(&self.delays, percent)
    }

    pub(super) fn gap(&self, percent: usize) -> f64 {
        percentile(&self.gaps, percent)
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3)
}

/// Ends sessions 0 to `sessions`, so many at a time.
pub(super) fn run(
    nodes: &[SocketAddr],
    sessions: u64,
    in_flight: usize,
    say: &dyn Fn(u64),
) -> Result<Watched> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let next = Rc::new(Cell::new(0));
    LocalSet::new().block_on(&runtime, async {
        let running: Vec<_> = (0..in_flight)
            .map(|_| tokio::task::spawn_local(client(nodes.to_vec(), sessions, Rc::clone(&next))))
            .collect();
        while running.iter().any(|client| !client.is_finished()) {
            tokio::time::sleep(PAUSE * 100).await;
            say(next.get().min(sessions) / SAID_EVERY * SAID_EVERY);
        }
        let mut watched = Watched { delays: Vec::new(), gaps: Vec::new() };
        for client in running {
            let theirs = client.await??;
            watched.delays.extend(theirs.delays);
            watched.gaps.extend(theirs.gaps);
        }
        watched.delays.sort_unstable();
        watched.gaps.sort_unstable();
        Ok(watched)
    })
}

async fn client(nodes: Vec<SocketAddr>, sessions: u64, next: Rc<Cell<u64>>) -> Result<Watched> {
    let mut connections = Vec::new();
    for node in nodes {
        connections.push(Connection::open(node).await?);
    }
    let mut watched = Watched { delays: Vec::new(), gaps: Vec::new() };
    loop {
        let number = next.get();
        if number >= sessions {
            return Ok(watched);
        }
        next.set(number + 1);
        revoke(&mut connections, u32::try_from(number)?, &mut watched).await?;
    }
}

/// Ends one session at the node whose turn it is.
async fn revoke(connections: &mut [Connection], number: u32, watched: &mut Watched) -> Result<()> {
    // Remembered by all of them, this very moment.
    for connection in connections.iter_mut() {
        if !connection.lets_in(number).await? {
            return Err(format!("session {number} is refused already").into());
        }
    }
    let turn = usize::try_from(number)? % connections.len().max(1);
    connections.rotate_left(turn);
    let [own, first, second] = connections else { return Err("there are three nodes".into()) };
    own.sign_out(number).await?;
    let answered = Instant::now();
    let (ended_here, first, second) = tokio::try_join!(
        own.lets_in(number),
        refused(first, number, answered),
        refused(second, number, answered)
    )?;
    if ended_here {
        return Err(format!("the node that ended session {number} let it in again").into());
    }
    connections.rotate_right(turn);
    watched.delays.push(first.after.max(second.after));
    watched.gaps.extend([first.gap, second.gap].into_iter().flatten());
    Ok(())
}

/// When a node refused.
struct Refused {
    after: Duration,
    /// Since the look before; none when the first look found it.
    gap: Option<Duration>,
}

async fn refused(connection: &mut Connection, number: u32, answered: Instant) -> Result<Refused> {
    let mut last = None;
    loop {
        let asked = Instant::now();
        if !connection.lets_in(number).await? {
            return Ok(Refused { after: answered.elapsed(), gap: last.map(|last: Instant| last.elapsed()) });
        }
        last = Some(asked);
        if answered.elapsed() > PATIENCE {
            return Err(format!("a node lets session {number} in {PATIENCE:?} after it was ended").into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_of_a_hundred_took_at_most_this_long() {
        let waits: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!([50, 99, 100].map(|percent| percentile(&waits, percent)), [100.0, 198.0, 200.0]);
        assert!(percentile(&[], 50).is_nan());
    }
}
