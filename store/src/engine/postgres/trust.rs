//! Which host is believed to be the primary, and from when on a connection to a host is worth anything.
//!
//! A server that falls silent keeps its connections open. Whoever finds out tells everybody who has one to it: each would
//! else find out by itself, one statement's time limit after the other (P22).

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};
use tokio::sync::watch;

pub(super) struct Trust {
    order: Mutex<Order>,
    /// For each host: connections that were opened no later than this wait for a server that says nothing any more.
    silent: Vec<watch::Sender<Option<Instant>>>,
}

/// Which host is asked first. One that is gone without a word would else cost every connection its patience.
#[derive(Default)]
struct Order {
    first: usize,
    /// When a host was left last. A connection that was begun before that says nothing against it.
    left: Option<Instant>,
}

impl Trust {
    pub(super) fn new(hosts: usize) -> Self {
        let silent = (0..hosts).map(|_| watch::Sender::new(None)).collect();
        Self { order: Mutex::default(), silent }
    }

    pub(super) fn first(&self) -> usize {
        self.order().first
    }

    /// This host took a connection that was begun then, as a primary.
    pub(super) fn found(&self, host: usize, begun: Instant) {
        let mut order = self.order();
        if order.left.is_none_or(|left| left < begun) {
            order.first = host;
        }
    }

    /// This host is the primary, as its standbys have confirmed.
    pub(super) fn settle(&self, host: usize) {
        self.order().first = host;
    }

    /// The next host is to be asked before this one; whether there is one.
    pub(super) fn leave(&self, host: usize) -> bool {
        let mut order = self.order();
        // Where somebody else has found another host already, that one stays.
        if order.first == host {
            order.first = (host + 1).checked_rem(self.silent.len()).unwrap_or(0);
        }
        order.left = Some(Instant::now());
        self.silent.len() > 1
    }

    /// A connection to this host, opened then, waited in vain: the others to it would do so too. The last to find out
    /// must not take down those that were opened since.
    pub(super) fn fell_silent(&self, host: usize, opened: Instant) {
        let Some(silent) = self.silent.get(host) else { return };
        let is_news = silent.send_if_modified(|silent| {
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

    /// Whether a connection to this host that was opened then is of no more use.
    pub(super) fn is_lost(&self, host: usize, opened: Instant) -> bool {
        self.silent.get(host).is_some_and(|silent| covers(*silent.borrow(), opened))
    }

    /// Waits until it is.
    pub(super) async fn lost(&self, host: usize, opened: Instant) {
        if let Some(silent) = self.silent.get(host)
            && silent.subscribe().wait_for(|silent| covers(*silent, opened)).await.is_ok()
        {
            return;
        }
        // Nobody can be told any more.
        std::future::pending::<()>().await;
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
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
        assert!(trust.leave(0));
        assert_eq!(trust.first(), 1);
        assert!(trust.leave(0));
        assert_eq!(trust.first(), 1);
        trust.settle(2);
        assert!(trust.leave(2));
        assert_eq!(trust.first(), 0);
        assert!(!Trust::new(1).leave(0));
    }

    #[test]
    fn a_connection_that_was_begun_before_a_host_was_left_does_not_bring_it_back() {
        let trust = Trust::new(2);
        let begun = Instant::now();
        trust.leave(0);
        trust.found(1, Instant::now());
        trust.found(0, begun);
        assert_eq!(trust.first(), 1);
    }

    #[test]
    fn one_that_waited_in_vain_takes_down_all_to_its_host_and_none_that_came_after() {
        let trust = Trust::new(2);
        let early = Instant::now();
        let late = Instant::now();
        assert!(!trust.is_lost(0, early));
        trust.fell_silent(0, early);
        assert!(trust.is_lost(0, early) && trust.is_lost(0, late));
        assert!(!trust.is_lost(1, early), "another server");
        assert_eq!(trust.first(), 1);
        let after = loop {
            let now = Instant::now();
            if !trust.is_lost(0, now) {
                break now;
            }
        };
        trust.fell_silent(0, late);
        assert!(!trust.is_lost(0, after), "the last to find out");
        assert_eq!(trust.first(), 1);
    }
}
