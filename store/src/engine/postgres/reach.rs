//! Reaching the server: which host first, and how often where none of them answers.
//!
//! All threads of a node share it. While the database is away one of them tries, with growing pauses, and the others take
//! its word for it: a server that comes back is not met by every thread of every node at once.

use super::{
    PostgresSettings,
    address::Address,
    errors::Failure,
    link::{Link, Way},
    trust::Trust,
};
use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

/// The pause after the first failure; it doubles up to the longest, after which a server that is back is used again soon.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The way to the primary.
pub(super) struct Reach {
    pub(super) address: Address,
    trust: Arc<Trust>,
    /// Since when nobody answers, if so.
    outage: Mutex<Option<Outage>>,
    /// Who tries while nobody answers.
    turn: Mutex<()>,
    failures: AtomicU64,
}

#[derive(Clone)]
struct Outage {
    failed: Instant,
    pause: Duration,
    reason: String,
}

impl Reach {
    pub(super) fn new(address: Address) -> Self {
        let trust = Arc::new(Trust::new(address.servers.len()));
        Self { address, trust, outage: Mutex::default(), turn: Mutex::default(), failures: AtomicU64::new(0) }
    }

    /// Connects to the first host that is a primary, for somebody who has waited since then.
    pub(super) fn connect(&self, settings: &PostgresSettings, since: Instant) -> Result<Link, Failure> {
        if self.outage().is_none() {
            return self.attempt(settings);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let outage = self.outage().clone();
        if let Some(Outage { failed, pause, reason }) = outage {
            // Whoever waited while a connect failed has waited for the same answer.
            if since < failed {
                return Err(Failure::Lost(reason));
            }
            sleep(pause.saturating_sub(failed.elapsed()));
        }
        self.attempt(settings)
    }

    fn attempt(&self, settings: &PostgresSettings) -> Result<Link, Failure> {
        let servers = &self.address.servers;
        let first = self.trust.first();
        let mut last = Failure::Lost("the URL names no server".to_owned());
        for (host, server) in servers.iter().enumerate().cycle().skip(first).take(servers.len()) {
            let begun = Instant::now();
            match Link::open(server, settings, Way::new(host, &self.trust)) {
                Ok(link) => {
                    self.trust.found(host, begun);
                    *self.outage() = None;
                    return Ok(link);
                }
                Err(failure) => last = failure,
            }
        }
        self.failures.fetch_add(1, Ordering::SeqCst);
        let reason = last.clone().into_reason();
        let mut outage = self.outage();
        let before = outage.as_ref().map_or(FIRST_PAUSE / 2, |outage| outage.pause);
        *outage = Some(Outage { failed: Instant::now(), pause: spread(before), reason });
        Err(last)
    }

    /// How often no host could be had.
    pub(super) fn failures(&self) -> u64 {
        self.failures.load(Ordering::SeqCst)
    }

    fn outage(&self) -> MutexGuard<'_, Option<Outage>> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The next pause: somewhere between the one before and double of it, so that nodes do not keep step.
fn spread(before: Duration) -> Duration {
    let chance = RandomState::new().hash_one("pause") % 1_000;
    let part = u32::try_from(chance).unwrap_or(0);
    (before + before * part / 1_000).clamp(FIRST_PAUSE, LONGEST_PAUSE)
}
