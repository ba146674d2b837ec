//! A worker thread: one connection, one job at a time; the one place where a transaction is tried again.
//!
//! A job that met another transaction, or whose connection went before COMMIT was sent, runs again. One whose COMMIT was
//! not answered does not: its caller is told that nobody knows, and asks again with the same ids. Caches are told
//! even then, because forgetting is always safe.

use super::{
    Shared,
    errors::Failure,
    link::{Link, Purpose},
    remedies,
    transaction::{self, End},
};
use crate::{
    Error,
    engine::{
        Witness,
        job::Job,
        queue::{Queue, Queued, Safety},
        stats::OpenConnection,
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Tries of a job that meets others. On one hot row, each round lets one of them through.
const MEETINGS: u32 = 40;

/// No try begins later than this after the first: then the caller is better told.
const RETRY_TIME: Duration = Duration::from_secs(5);

/// Connections a job may lose: one that was cut while it lay idle, one to a server on its way down, and the next.
const LOSSES: u32 = 3;

/// The pause after the first meeting; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(64);

/// Which queue a worker serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Reader,
    Writer,
}

pub(super) struct Worker {
    role: Role,
    /// Tells the pauses of workers apart.
    number: u32,
    shared: Arc<Shared>,
    link: Option<Held>,
}

/// A connection that is counted while it is held.
struct Held {
    link: Link,
    _counted: OpenConnection,
}

impl Held {
    fn new(link: Link, shared: &Shared) -> Self {
        Self { link, _counted: shared.counters.connected() }
    }
}

impl Worker {
    pub(super) fn new(role: Role, number: u32, shared: Arc<Shared>, link: Option<Link>) -> Self {
        let link = link.map(|link| Held::new(link, &shared));
        Self { role, number, shared, link }
    }

    /// Serves until the queue is closed and empty.
    pub(super) fn serve(mut self) {
        let shared = Arc::clone(&self.shared);
        while let Some((_, queued)) = self.queue(&shared).first() {
            self.one(queued);
        }
        if let Some(held) = self.link.take() {
            held.link.close();
        }
    }

    fn queue<'a>(&self, shared: &'a Shared) -> &'a Queue {
        match self.role {
            Role::Reader => &shared.reads,
            Role::Writer => &shared.writes,
        }
    }

    fn one(&mut self, queued: Queued) {
        let Queued { mut job, since, safety } = queued;
        let counters = Arc::clone(&self.shared);
        match self.role {
            Role::Reader => {
                if !job.is_abandoned() {
                    let verdict = self.tried(Purpose::Read, since, &mut *job);
                    job.answer(verdict);
                    if let Some(held) = &self.link {
                        held.link.roll_back();
                    }
                }
                counters.counters.read(since);
            }
            Role::Writer => {
                let purpose = match safety {
                    Safety::Durable => Purpose::Write,
                    Safety::Visible => Purpose::WriteSoon,
                };
                let verdict = self.tried(purpose, since, &mut *job);
                job.answer(verdict);
                counters.counters.wrote(since);
            }
        }
        self.link.take_if(|held| held.link.is_broken());
    }

    /// Runs a job until it is done, cannot be, or has been tried enough.
    fn tried(&mut self, purpose: Purpose, since: Instant, job: &mut dyn Job) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        let started = Instant::now();
        let (mut meetings, mut losses) = (0, 0);
        loop {
            let link = self.connected(since)?;
            match transaction::run(link, purpose, job) {
                End::Done(stale) if purpose != Purpose::Read => {
                    shared.counters.committed(1);
                    if !stale.is_empty() {
                        shared.ring();
                    }
                    return shared.ears.tell(&stale);
                }
                End::Done(_) => match shared.hearing.witness(link.behind(), link.opened()) {
                    Witness::Primary => return Ok(()),
                    Witness::Unconfirmed => {
                        return Err(Error::Unavailable { reason: remedies::ALONE.to_owned() });
                    }
                    Witness::Elsewhere => {
                        losses += 1;
                        // Or the next connection would lead there again.
                        let _is_there_another = link.leave();
                        self.link = None;
                        if losses >= LOSSES {
                            let reason = "another server took over".to_owned();
                            return Err(Error::Unavailable { reason });
                        }
                    }
                },
                End::Undone(error) => return Err(error),
                End::Unknown(stale, reason) => {
                    tracing::error!(reason, "whether a write was kept is unknown");
                    shared.counters.commit_failed();
                    if !stale.is_empty() {
                        // The server may be about to keep it: what is read until then is what it was before.
                        shared.hearing.doubt();
                    }
                    shared.ears.tell(&stale)?;
                    let reason = format!("whether the write was kept is unknown: {reason}");
                    return Err(Error::Unavailable { reason });
                }
                End::Again(failure) => {
                    let is_meeting = matches!(failure, Failure::Again(_));
                    if is_meeting {
                        meetings += 1;
                    } else {
                        losses += 1;
                        self.link = None;
                    }
                    if meetings >= MEETINGS || losses >= LOSSES || started.elapsed() >= RETRY_TIME {
                        return Err(failure.into_error());
                    }
                    shared.counters.rerun(1);
                    if is_meeting {
                        std::thread::sleep(self.pause(meetings));
                    }
                }
            }
        }
    }

    /// Two that met must not meet again: each waits for another part of a growing span.
    fn pause(&self, meetings: u32) -> Duration {
        let span = FIRST_PAUSE.saturating_mul(1 << meetings.min(16)).min(LONGEST_PAUSE);
        // Fibonacci hashing spreads neighbouring numbers over the whole range.
        let spread = self.number.wrapping_mul(31).wrapping_add(meetings).wrapping_mul(0x9e37_79b9);
        span.mul_f64(f64::from(spread) / f64::from(u32::MAX))
    }

    fn connected(&mut self, since: Instant) -> Result<&Link, Error> {
        let hearing = &self.shared.hearing;
        self.link.take_if(|Held { link, .. }| {
            // A server that was replaced confirms nothing, and never says so by itself.
            link.is_broken() || hearing.has_moved(link.behind(), link.opened())
        });
        if self.link.is_none() {
            self.link = Some(Held::new(self.connect(since)?, &self.shared));
        }
        self.link.as_ref().map(|held| &held.link).ok_or_else(|| Error::Fault("no connection".to_owned()))
    }

    fn connect(&self, since: Instant) -> Result<Link, Error> {
        let Shared { reach, settings, .. } = &*self.shared;
        reach.connect(settings, since).map_err(|failure| {
            let reason = format!("cannot connect to {}: {}", reach.address.name, failure.into_reason());
            Error::Unavailable { reason }
        })
    }
}
