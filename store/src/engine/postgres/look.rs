//! One look at the revocation log: what came since the last one, and whether it is still the same log.
//!
//! A server that was promoted may lack the last rows of the one before, and give their numbers to others; a pooler hides
//! that it is another server. So the last row heard in each shard is compared with what stands there now.

use super::{
    errors::Failure,
    link::{Link, Purpose},
    transaction::{self, End},
};
use crate::{
    Error, HouseTx,
    engine::{Driver, job::call},
    revocations::{self, Entry, Last},
};
use doorward_model::Timestamp;
use std::collections::HashMap;

/// Rows of a shard that are read one by one; who is further behind forgets everything.
const BEHIND_MAX: i64 = 1_000;

/// The last row of each shard.
pub(super) type Known = HashMap<i64, Last>;

/// What a look saw.
pub(super) struct Seen {
    pub(super) lasts: Known,
    pub(super) entries: Vec<Entry>,
    /// Something may have been missed.
    pub(super) is_late: bool,
}

/// Reads what came after what is known, at one moment. Rows from before `trimmed` may be missing.
pub(super) fn read(link: &Link, known: Option<Known>, trimmed: Option<Timestamp>) -> Result<Seen, Failure> {
    let (mut job, mut answer) = call(move |driver: Driver<'_>| {
        Ok((look(&mut HouseTx::new(driver), known.as_ref(), trimmed)?, Vec::new()))
    });
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

fn look(tx: &mut HouseTx<'_>, known: Option<&Known>, trimmed: Option<Timestamp>) -> Result<Seen, Error> {
    let lasts: Known = revocations::lasts(tx)?.into_iter().collect();
    let mut seen = Seen { lasts, entries: Vec::new(), is_late: known.is_none() };
    let Some(known) = known else { return Ok(seen) };
    // A shard that is gone, or counts less, is of another database.
    seen.is_late =
        known.iter().any(|(shard, last)| seen.lasts.get(shard).is_none_or(|now| now.value < last.value));
    for (&shard, last) in &seen.lasts {
        if seen.is_late {
            break;
        }
        let before = known.get(&shard).copied().unwrap_or_default();
        if last.value == before.value {
            seen.is_late = !is_same(before.entry, last.entry, trimmed);
            continue;
        }
        // From the known one on, if it was there.
        let from = before.value - i64::from(before.entry.is_some());
        let mut entries = revocations::since(tx, shard, from, BEHIND_MAX)?;
        if before.entry.is_some() {
            let has_it = entries.first().is_some_and(|first| first.value == before.value);
            let first = if has_it { Some(entries.remove(0)) } else { None };
            seen.is_late |= !is_same(before.entry, first, trimmed);
        }
        let is_whole = entries.iter().zip(before.value + 1..).all(|(entry, value)| entry.value == value)
            && entries.last().is_some_and(|entry| entry.value == last.value);
        seen.is_late |= !is_whole;
        seen.entries.extend(entries);
    }
    Ok(seen)
}

/// Whether a row is the one that was heard. One that is missing was trimmed, if it is old enough.
fn is_same(heard: Option<Entry>, found: Option<Entry>, trimmed: Option<Timestamp>) -> bool {
    match (heard, found) {
        (Some(heard), None) => trimmed.is_some_and(|trimmed| heard.at < trimmed),
        (heard, found) => heard == found,
    }
}
