//! Whoever looks at one node while it happens: what was ended is refused there when the published bound is over, even
//! where the node remembers it, cannot reach the database or has just been started.

use super::progress::Progress;
use super::spoken::{self, Session};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The bound (P2): a request that begins later than this after the acknowledgement is refused at every node.
pub(super) const BOUND: Duration = Duration::from_secs(1);

/// What clients tell.
#[derive(Clone, Debug)]
pub(super) enum Sighting {
    /// Ask for it, so that the node remembers it.
    Opened(Session),
    /// Its end was acknowledged then.
    Ended(Session, Instant),
}

/// Looks until it is over.
pub(super) fn watch(node: SocketAddr, told: &Receiver<Sighting>, progress: &Progress) {
    let mut ended: VecDeque<(Session, Instant)> = VecDeque::new();
    while !progress.is_over() {
        let wait = ended.front().map(|(_, at)| (*at + BOUND).saturating_duration_since(Instant::now()));
        if wait.is_some_and(|wait| wait.is_zero()) {
            if let Some((session, _)) = ended.pop_front() {
                check(node, &session, progress);
            }
            continue;
        }
        match told.recv_timeout(wait.unwrap_or(BOUND)) {
            // Whether it is accepted is asked at the end; it may have been ended by now.
            Ok(Sighting::Opened(session)) => drop(spoken::is_verified(node, &session)),
            Ok(Sighting::Ended(session, at)) => ended.push_back((session, at)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// A node that says that it cannot tell has not accepted anything.
fn check(node: SocketAddr, session: &Session, progress: &Progress) {
    for (way, asked) in [("verify", spoken::is_verified as fn(_, &_) -> _), ("door", spoken::is_let_in)] {
        match asked(node, session) {
            Ok(true) => progress.revived(format!("{node} accepts at its {way} what was ended: {session:?}")),
            Ok(false) | Err(spoken::Unacknowledged::Unavailable | spoken::Unacknowledged::Unreachable) => {}
            Err(why) => progress.broken(format!("{node}: {why:?}")),
        }
    }
}
