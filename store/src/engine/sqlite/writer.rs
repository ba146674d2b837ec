//! The writer thread: the only one that changes the database.
//!
//! It runs what is queued in one transaction, a savepoint per job, commits, tells caches what is stale, and
//! only then answers (P1, P2). It drains the queue, it never waits for a group to fill. When an error takes
//! the shared transaction down, its jobs are run again one by one, so each gets its own result.

use super::{Session, Shared, errors::translate, lock::Lock};
use crate::{
    Error, Invalidation,
    engine::{
        Driver,
        job::Job,
        queue::{Lane, Queued, Safety},
    },
};
use rusqlite::Connection;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Most jobs of one commit: past this, sharing the fsync saves nothing and the first caller only waits longer.
const GROUP_JOBS: usize = 256;

/// No job joins a group older than this, so that slow jobs do not hold up the first caller.
const GROUP_TIME: Duration = Duration::from_millis(20);

/// Most bulk jobs of one commit: whoever comes meanwhile waits for at most these.
const BULK_GROUP_JOBS: usize = 8;

pub(super) struct Writer {
    connection: Connection,
    shared: Arc<Shared>,
    /// What the connection is set to.
    safety: Safety,
    /// Held until the last commit; `None` for a database in memory.
    _lock: Option<Lock>,
}

/// A job that ran in a transaction which is not yet committed.
struct Ran {
    queued: Queued,
    result: Result<Vec<Invalidation>, Error>,
}

impl Writer {
    pub(super) fn new(connection: Connection, shared: Arc<Shared>, lock: Option<Lock>) -> Self {
        Self { connection, shared, safety: Safety::Durable, _lock: lock }
    }

    /// Serves until the queue is closed and empty, then folds the log into the database.
    pub(super) fn serve(mut self) {
        while let Some((lane, first)) = self.shared.writes.first() {
            let shared = Arc::clone(&self.shared);
            let _gate = shared.gate.write();
            self.group(lane, first);
        }
        if let Err(error) = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "the log stays beside the database until it is opened again");
        }
    }

    fn group(&mut self, lane: Lane, first: Queued) {
        let safety = first.safety;
        if let Err(error) = self.set(safety).and_then(|()| self.run("BEGIN IMMEDIATE")) {
            return self.answer(first, Err(error));
        }
        let most = match lane {
            Lane::Interactive => GROUP_JOBS,
            Lane::Bulk => BULK_GROUP_JOBS,
        };
        let started = Instant::now();
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(mut queued) = next {
            let result = self.in_savepoint(&mut *queued.job);
            group.push(Ran { queued, result });
            if self.connection.is_autocommit() {
                return self.one_by_one(group);
            }
            let is_open = group.len() < most && started.elapsed() < GROUP_TIME;
            next = if is_open { self.shared.writes.another(lane, safety) } else { None };
        }
        self.commit(group);
    }

    /// Runs one job so that its failure undoes its own work only.
    fn in_savepoint(&mut self, job: &mut dyn Job) -> Result<Vec<Invalidation>, Error> {
        self.run("SAVEPOINT job")?;
        let result = job.run(Driver::Sqlite(Session::new(&self.connection)));
        if self.connection.is_autocommit() {
            return result;
        }
        let undone = if result.is_err() { self.run("ROLLBACK TO job") } else { Ok(()) };
        if let Err(error) = undone.and_then(|()| self.run("RELEASE job")) {
            // What this savepoint holds can no longer be told from the others' work.
            tracing::error!(%error, "a savepoint could not be ended; the group starts again");
            self.abandon();
        }
        result
    }

    /// Gives each job of a lost transaction one of its own.
    fn one_by_one(&mut self, lost: Vec<Ran>) {
        self.shared.counters.rerun(lost.len());
        for Ran { mut queued, .. } in lost {
            if let Err(error) = self.run("BEGIN IMMEDIATE") {
                self.answer(queued, Err(error));
                continue;
            }
            let result = queued.job.run(Driver::Sqlite(Session::new(&self.connection)));
            if self.connection.is_autocommit() {
                let lost = || Error::Unavailable { reason: "the transaction was lost".to_owned() };
                self.answer(queued, Err(result.err().unwrap_or_else(lost)));
            } else if let Err(error) = result {
                self.abandon();
                self.answer(queued, Err(error));
            } else {
                self.commit(vec![Ran { queued, result }]);
            }
        }
    }

    /// Commits, tells caches, answers: in this order, and nobody is told "done" when the commit failed.
    fn commit(&mut self, group: Vec<Ran>) {
        let mut verdict = self.run("COMMIT");
        if verdict.is_ok() {
            self.shared.counters.committed(group.len());
            let stale: Vec<_> = group.iter().flat_map(|ran| ran.result.iter().flatten()).copied().collect();
            verdict = self.shared.ears.tell(&stale);
        } else {
            self.shared.counters.commit_failed();
            self.abandon();
        }
        for Ran { queued, result } in group {
            self.answer(queued, verdict.clone().and_then(|()| result.map(|_stale| ())));
        }
    }

    fn answer(&self, queued: Queued, verdict: Result<(), Error>) {
        queued.job.answer(verdict);
        self.shared.counters.wrote(queued.since);
    }

    fn abandon(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.run("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    /// Whether COMMIT waits for the disk. Cannot be changed inside a transaction.
    fn set(&mut self, safety: Safety) -> Result<(), Error> {
        if self.safety != safety {
            let level = match safety {
                Safety::Durable => "FULL",
                Safety::Visible => "NORMAL",
            };
            self.connection.pragma_update(None, "synchronous", level).map_err(translate)?;
            self.safety = safety;
        }
        Ok(())
    }

    fn run(&self, text: &str) -> Result<(), Error> {
        self.connection.prepare_cached(text).and_then(|mut it| it.execute([])).map(|_| ()).map_err(translate)
    }
}
