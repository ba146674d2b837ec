//! Which host is believed to be the primary, and from when on a connection to it is worth anything.
//!
//! A server that falls silent keeps its connections open. Whoever finds out tells everybody: each connection would else
//! find out by itself, one statement's time limit after the other (P22).

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};
use tokio::sync::watch;

pub(super) struct Trust {
    hosts: usize,
    /// The host to ask first. One that is gone without a word would else cost every connection its patience.
    first: AtomicUsize,
    /// Connections that were opened no later than this wait for a server that says nothing any more.
    silent: watch::Sender<Option<Instant>>,
}

impl Trust {
    pub(super) fn new(hosts: usize) -> Self {
        Self { hosts, first: AtomicUsize::new(0), silent: watch::Sender::new(None) }
    }

    pub(super) fn first(&self) -> usize {
        self.first.load(Ordering::SeqCst)
    }

    /// This host is a primary.
    pub(super) fn found(&self, host: usize) {
        self.first.store(host, Ordering::SeqCst);
    }

    /// The next host is to be asked before this one; whether there is one.
    pub(super) fn leave(&self, host: usize) -> bool {
        let next = (host + 1).checked_rem(self.hosts).unwrap_or(0);
        // Where somebody else has found another host already, that one stays.
        let _was_first = self.first.compare_exchange(host, next, Ordering::SeqCst, Ordering::SeqCst).is_ok();
        self.hosts > 1
    }

    /// A connection to this host, opened then, waited in vain: the others to it would do so too. The last to find out
    /// must not take down those that were opened since.
    pub(super) fn fell_silent(&self, host: usize, opened: Instant) {
        let is_news = self.silent.send_if_modified(|silent| {
            let is_news = !covers(*silent, opened);
            if is_news {
                *silent = Some(Instant::now());
            }
            is_news
        });
        if is_news {
            let _is_there_another = self.leave(host);
        }
    }

    /// Whether a connection that was opened then is of no more use.
    pub(super) fn is_lost(&self, opened: Instant) -> bool {
        covers(*self.silent.borrow(), opened)
    }

    /// Waits until it is.
    pub(super) async fn lost(&self, opened: Instant) {
        let mut silent = self.silent.subscribe();
        if silent.wait_for(|silent| covers(*silent, opened)).await.is_err() {
            // Nobody can be told any more.
            std::future::pending::<()>().await;
        }
    }
}

fn covers(silent: Option<Instant>, opened: Instant) -> bool {
    silent.is_some_and(|silent| opened <= silent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_host_is_asked_first_unless_somebody_has_found_another() {
        let trust = Trust::new(3);
        trust.leave(0);
        assert_eq!(trust.first(), 1);
        trust.leave(0);
        assert_eq!(trust.first(), 1);
        trust.found(2);
        trust.leave(2);
        assert_eq!(trust.first(), 0);
    }

    #[test]
    fn one_that_waited_in_vain_takes_down_all_that_were_there_and_none_that_came_after() {
        let trust = Trust::new(2);
        let early = Instant::now();
        let late = Instant::now();
        assert!(!trust.is_lost(early));
        trust.fell_silent(0, early);
        assert!(trust.is_lost(early) && trust.is_lost(late));
        assert_eq!(trust.first(), 1);
        let after = loop {
            let now = Instant::now();
            if !trust.is_lost(now) {
                break now;
            }
        };
        trust.fell_silent(0, late);
        assert!(!trust.is_lost(after), "the last to find out");
        assert_eq!(trust.first(), 1);
    }
}
