//! The thread that reads the revocation log and tells what other nodes made stale.
//!
//! It looks as often as agreed, and at once when another node rings (NOTIFY), which is an accelerator only: through a pooler
//! in transaction mode, or on an engine without it, nobody rings and the next look is soon. It has a connection of its
//! own, so no queue of readers delays it. It rings for this node too, over the same connection, so that no writer waits
//! for a bell.

use super::{
    Shared,
    errors::Failure,
    link::{Link, Purpose},
    transaction::{self, End},
};
use crate::{
    Error, Hearing, HouseTx, Invalidation,
    engine::{Driver, job::call},
    revocations::{self, Entry},
};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// Rows of a shard that are read one by one; who is further behind forgets everything.
const BEHIND_MAX: i64 = 1_000;

/// The pause after a look that failed; the bound runs on meanwhile.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

pub(super) struct Listener {
    shared: Arc<Shared>,
    link: Option<Link>,
    /// The last number heard in each shard; `None` before the first look over this connection.
    known: Option<HashMap<i64, i64>>,
    /// The last ring failed, and the log says so.
    is_mute: bool,
}

/// What a look saw.
struct Seen {
    epochs: HashMap<i64, i64>,
    entries: Vec<Entry>,
    /// Something may have been missed.
    is_late: bool,
}

impl Listener {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, link: None, known: None, is_mute: false }
    }

    /// Looks until the database is closed.
    pub(super) fn serve(mut self) {
        let mut is_down = false;
        while !self.shared.is_closed() {
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
            let link = Link::open(&self.shared.address, &self.shared.settings)?;
            link.listen()?;
            self.link = Some(link);
        }
        let Some(link) = &self.link else { return Ok(()) };
        let start = Hearing::start();
        let seen = read(link, self.known.clone())?;
        let mut stale: Vec<Invalidation> = seen.entries.iter().map(|entry| entry.stale).collect();
        if seen.is_late || self.shared.hearing.would_settle(start) {
            // The table of doors may have changed as well.
            stale = vec![Invalidation::Everything, Invalidation::Doors];
        }
        self.shared.ears.tell(&stale).map_err(Failure::Final)?;
        self.known = Some(seen.epochs);
        let oldest = seen.entries.iter().map(|entry| entry.at).min();
        let rows = u64::try_from(seen.entries.len()).unwrap_or(u64::MAX);
        let lag = oldest.and_then(|oldest| self.shared.age(oldest));
        self.shared.hearing.heard(start, rows, lag);
        Ok(())
    }
}

/// Reads what came after what is known, at one moment.
fn read(link: &Link, known: Option<HashMap<i64, i64>>) -> Result<Seen, Failure> {
    let (mut job, mut answer) =
        call(move |driver: Driver<'_>| Ok((look(&mut HouseTx::new(driver), known.as_ref())?, Vec::new())));
    let verdict = match transaction::run(link, Purpose::Read, &mut *job) {
        End::Done(_) => Ok(()),
        End::Undone(error) => Err(Failure::Final(error)),
        End::Again(failure) => return Err(failure),
        End::Unknown(_, reason) => return Err(Failure::Lost(reason)),
    };
    link.roll_back();
    verdict?;
    job.answer(Ok(()));
    match answer.try_recv() {
        Ok(seen) => seen.map_err(Failure::Final),
        Err(_) => Err(Failure::Final(Error::Fault("a look at the log found no words".to_owned()))),
    }
}

fn look(tx: &mut HouseTx<'_>, known: Option<&HashMap<i64, i64>>) -> Result<Seen, Error> {
    let epochs: HashMap<i64, i64> = revocations::epochs(tx)?.into_iter().collect();
    let mut seen = Seen { epochs, entries: Vec::new(), is_late: known.is_none() };
    let Some(known) = known else { return Ok(seen) };
    // A shard that is gone, or counts less, is of another database.
    seen.is_late = known.iter().any(|(shard, value)| seen.epochs.get(shard).is_none_or(|now| now < value));
    for (&shard, &last) in &seen.epochs {
        let before = known.get(&shard).copied().unwrap_or(0);
        if seen.is_late || last <= before {
            continue;
        }
        let entries = revocations::since(tx, shard, before, BEHIND_MAX)?;
        let is_whole = entries.iter().zip(before + 1..).all(|(entry, value)| entry.value == value)
            && entries.last().is_some_and(|entry| entry.value == last);
        seen.is_late |= !is_whole;
        seen.entries.extend(entries);
    }
    Ok(seen)
}
