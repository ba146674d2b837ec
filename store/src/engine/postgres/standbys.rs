//! Whether a failover may lose what was acknowledged, and whether there was one.

use super::{
    errors::Failure,
    link::{Link, Purpose},
    remedies,
    transaction::{self, End},
};
use crate::engine::{Driver, job::call};
use std::time::{Duration, Instant};

/// How often it is looked whether standbys are loose: a mistake that is made once in a year shall not wait for the next start.
const BETWEEN: Duration = Duration::from_secs(10);

/// Why a server is not served on.
const ASYNCHRONOUS: &str = "it has standbys, and commits wait for none of them (synchronous_standby_names is empty): a \
     failover would undo what was acknowledged last, and revoked sessions and keys would work again. Name them \
     there, or accept the loss with allow_async_standby = true in [store.postgres]";

/// Tries of a mark that others write too: there are thousands, and a node writes a few in a second.
const MEETINGS: u32 = 16;

/// Whether a server has standbys of which none confirms commits. A copy that is being taken (`pg_basebackup`) is no
/// standby.
pub(super) fn are_loose(link: &Link) -> Result<bool, Failure> {
    let rows = link.ask(
        "SELECT count(*), current_setting('synchronous_standby_names', true) FROM pg_stat_replication \
         WHERE state IS NULL OR state <> 'backup'",
    )?;
    let [standbys, names] = rows.into_iter().next().unwrap_or_default().try_into().unwrap_or_default();
    let has_standbys = standbys.is_some_and(|count| count != "0");
    Ok(has_standbys && names.is_none_or(|names| names.trim().is_empty()))
}

/// Refuses such a server, unless somebody accepted that.
pub(super) fn check(link: &Link, is_allowed: bool) -> Result<(), Failure> {
    if !are_loose(link)? {
        return Ok(());
    }
    if is_allowed {
        tracing::warn!("a failover to an asynchronous standby would undo what was acknowledged last");
        return Ok(());
    }
    Err(Failure::Lost(ASYNCHRONOUS.to_owned()))
}

/// Looks now and then whether that has become so while a node serves, and says so once. It serves on: who stops naming a
/// standby that is gone does it to be served.
#[derive(Default)]
pub(super) struct Watch {
    looked: Option<Instant>,
    are_loose: bool,
}

impl Watch {
    pub(super) fn look(&mut self, link: &Link) -> Result<(), Failure> {
        if self.looked.is_some_and(|looked| looked.elapsed() < BETWEEN) {
            return Ok(());
        }
        self.looked = Some(Instant::now());
        let are_loose = are_loose(link)?;
        if are_loose && !std::mem::replace(&mut self.are_loose, are_loose) {
            tracing::error!("what the database is now: {ASYNCHRONOUS}");
        }
        self.are_loose = are_loose;
        Ok(())
    }
}

/// Has the standbys confirm a commit, where some are named. A database that is not ours yet has nothing that could be
/// out of date.
pub(super) fn confirm(link: &Link) -> Result<(), Failure> {
    let rows = link.ask("SELECT current_setting('synchronous_standby_names', true), to_regclass('marks')")?;
    let [names, marks] = rows.into_iter().next().unwrap_or_default().try_into().unwrap_or_default();
    if marks.is_none() || names.is_none_or(|names| names.trim().is_empty()) {
        return Ok(());
    }
    for _ in 0..MEETINGS {
        let (mut job, _answer) = call(|_driver: Driver<'_>| Ok(((), Vec::new())));
        return match transaction::run(link, Purpose::Write, &mut *job) {
            End::Done(_) => Ok(()),
            End::Again(Failure::Again(_)) => continue,
            End::Undone(error) => Err(Failure::Final(error)),
            End::Again(failure) => Err(failure),
            End::Unknown(_, reason) => Err(Failure::Lost(format!("{} ({reason})", remedies::ALONE))),
        };
    }
    Err(Failure::Lost("others write all marks at once".to_owned()))
}
