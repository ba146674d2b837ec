//! The thread that reads the revocation log and tells what other nodes made stale.
//!
//! It looks as often as agreed, and at once when another node rings (NOTIFY), which is an accelerator only: through a pooler
//! in transaction mode, or on an engine without it, nobody rings and the next look is soon. It has a connection of its
//! own, so no queue of readers delays it. It rings for this node too, over the same connection, so that no writer waits
//! for a bell.

use super::{
    PostgresSettings, Shared,
    errors::Failure,
    link::{Link, Purpose},
    look::{self, Known},
    remedies, standbys,
    transaction::{self, End},
};
use crate::{
    Hearing, Invalidation,
    engine::{Driver, job::call},
    revocations::KEPT_AT_LEAST,
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// No look is cut off earlier than this, however short the bound is.
const LEAST_PATIENCE: Duration = Duration::from_secs(1);

/// How many beats fit into the bound: one may come late, and one may be lost. Each is a commit of one small row.
const BEATS: u32 = 4;

/// The pause after a look that failed; the bound runs on meanwhile.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

pub(super) struct Listener {
    shared: Arc<Shared>,
    link: Option<Link>,
    /// For its connection: what takes longer than the bound is of no use.
    settings: PostgresSettings,
    /// The last row heard in each shard; `None` before the first look over this connection.
    known: Option<Known>,
    /// The last ring failed, and the log says so.
    is_mute: bool,
    /// A pooler hands every transaction another session, so nobody can be heard ringing.
    is_pooled: bool,
    /// When the last beat began.
    beaten: Option<Instant>,
    /// The standbys do not confirm, and the log says so.
    is_alone: bool,
    standbys: standbys::Watch,
}

impl Listener {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let mut settings = shared.settings.clone();
        let patience = settings.revocation_bound.max(LEAST_PATIENCE);
        settings.statement_timeout = settings.statement_timeout.min(patience);
        Self {
            shared,
            link: None,
            settings,
            known: None,
            is_mute: false,
            is_pooled: false,
            beaten: None,
            is_alone: false,
            standbys: standbys::Watch::default(),
        }
    }

    /// Looks until the database is closed.
    pub(super) fn serve(mut self) {
        let mut is_down = false;
        while !self.shared.is_closed() {
            self.link.take_if(|link| link.is_broken());
            if let Some(link) = &self.link {
                link.wait_for_bell(&self.shared.wake, self.shared.settings.revocation_poll);
            }
            self.pass_on();
            match self.look() {
                Ok(()) if std::mem::take(&mut is_down) => tracing::info!("the revocation log is read again"),
                Ok(()) => {}
                Err(failure) => {
                    if !std::mem::replace(&mut is_down, true) {
                        let reason = failure.into_error();
                        tracing::error!(%reason, "the revocation log cannot be read; nothing is answered from memory");
                    }
                    self.link = None;
                    // Whoever reads meanwhile must not wait for a beat that may not come.
                    self.shared.hearing.unconfirmed();
                    std::thread::sleep(AFTER_FAILURE);
                }
            }
        }
        self.shared.hearing.deafen();
        if let Some(link) = self.link.take() {
            link.close();
        }
    }

    /// Rings, if something was revoked here. That it fails costs other nodes the time until their next look, and nobody
    /// else anything.
    fn pass_on(&mut self) {
        let Some(link) = &self.link else { return };
        if !self.shared.owes_ring.swap(false, Ordering::SeqCst) {
            return;
        }
        match link.ring() {
            Ok(()) => self.is_mute = false,
            Err(failure) => {
                if !std::mem::replace(&mut self.is_mute, true) {
                    let reason = failure.into_reason();
                    tracing::warn!(
                        reason,
                        "other nodes cannot be rung for; they look at the log by themselves"
                    );
                }
            }
        }
    }

    /// Looks once, and tells what it saw.
    pub(super) fn look(&mut self) -> Result<(), Failure> {
        if self.link.is_none() {
            // Another server may have another log: one that was promoted without the last rows of the one before.
            self.known = None;
            self.beaten = None;
            self.link = Some(self.connect()?);
        }
        let Some(link) = &self.link else { return Ok(()) };
        let start = Hearing::start();
        let now = self.shared.log_clock.get().map(|clock| clock());
        let trimmed = now.map(|now| now.minus(KEPT_AT_LEAST));
        let seen = look::read(link, self.known.clone(), trimmed)?;
        // First: what is read elsewhere from now on does not count.
        self.shared.hearing.is_at(link.behind());
        let mut stale: Vec<Invalidation> = seen.entries.iter().map(|entry| entry.stale).collect();
        if seen.is_late || self.shared.hearing.would_settle(start) {
            // The table of doors may have changed as well.
            stale = vec![Invalidation::Everything, Invalidation::Doors];
        }
        self.shared.ears.tell(&stale).map_err(Failure::Final)?;
        self.known = Some(seen.lasts);
        let oldest = seen.entries.iter().map(|entry| entry.at).min();
        let rows = u64::try_from(seen.entries.len()).unwrap_or(u64::MAX);
        let lag = oldest.and_then(|oldest| self.shared.age(oldest));
        self.shared.hearing.heard(start, rows, lag);
        if link.has_moved() && !self.is_pooled {
            self.polls_only();
            self.link = None;
            return Ok(());
        }
        self.beat()
    }

    /// A connection that hears others ring, where that is possible.
    fn connect(&mut self) -> Result<Link, Failure> {
        let link = self.shared.reach.connect(&self.settings, Instant::now())?;
        if !self.settings.revocation_notify || self.is_pooled {
            return Ok(link);
        }
        let other = match self.shared.reach.connect(&self.settings, Instant::now()) {
            Ok(other) => other,
            Err(failure) => {
                // One connection is enough to hear, only not at once.
                let reason = failure.into_reason();
                tracing::debug!(reason, "whether a pooler stands before the database is unknown");
                return Ok(link);
            }
        };
        let is_pooled = link.shares_sessions_with(&other);
        other.close();
        if is_pooled? {
            self.polls_only();
        } else {
            link.listen()?;
        }
        Ok(link)
    }

    /// Whoever listened through a pooler would leave a session behind that listens for nobody, and in time fill the
    /// server's queue.
    fn polls_only(&mut self) {
        self.is_pooled = true;
        let poll = self.settings.revocation_poll;
        tracing::info!(
            ?poll,
            "a pooler stands before the database: nobody can ring here, and the log is polled"
        );
    }

    /// Where standbys are named, has them confirm a write now and then. A server that was replaced by one of them still
    /// answers whoever reads, but nobody confirms what it commits.
    fn beat(&mut self) -> Result<(), Failure> {
        let Some(link) = &self.link else { return Ok(()) };
        let pause = self.settings.revocation_bound / BEATS;
        if !link.behind().has_standbys {
            return if self.settings.allow_async_standby { Ok(()) } else { self.standbys.look(link) };
        }
        if self.beaten.is_some_and(|beaten| beaten.elapsed() < pause) {
            return Ok(());
        }
        self.beaten = Some(Instant::now());
        let start = Hearing::start();
        let (mut job, _answer) = call(|_driver: Driver<'_>| Ok(((), Vec::new())));
        // It writes nothing, so its commit writes a mark.
        match transaction::run(link, Purpose::Write, &mut *job) {
            End::Done(_) => {
                self.shared.hearing.is_at(link.behind());
                self.shared.hearing.confirmed(start);
                link.settle();
                if std::mem::take(&mut self.is_alone) {
                    tracing::info!("the standbys confirm again what is committed");
                }
                Ok(())
            }
            // Two who picked the same mark met.
            End::Again(Failure::Again(_)) => Ok(()),
            End::Again(failure @ Failure::Lost(_)) => Err(failure),
            End::Unknown(_, reason) => {
                self.unconfirmed(reason);
                Ok(())
            }
            End::Again(failure @ (Failure::Held(_) | Failure::Standby(_) | Failure::Final(_))) => {
                self.unconfirmed(failure.into_reason());
                Ok(())
            }
            End::Undone(error) => {
                self.unconfirmed(error.to_string());
                Ok(())
            }
        }
    }

    /// The server may have been replaced: the other one is asked for first, and until a write is confirmed nothing counts
    /// that was read here.
    fn unconfirmed(&mut self, reason: String) {
        if let Some(link) = &self.link
            && link.leave()
        {
            self.link = None;
        }
        self.shared.hearing.unconfirmed();
        if !std::mem::replace(&mut self.is_alone, true) {
            tracing::error!(reason, "nothing is believed that the database says: {}", remedies::ALONE);
        }
    }
}
