//! A reader thread: one connection, one job at a time, each in a transaction that sees one moment.

use super::{Session, Shared, errors::translate};
use crate::{
    Error,
    engine::{Driver, job::Job},
};
use rusqlite::Connection;
use std::sync::Arc;

pub(super) struct Reader {
    connection: Connection,
    shared: Arc<Shared>,
}

impl Reader {
    pub(super) fn new(connection: Connection, shared: Arc<Shared>) -> Self {
        Self { connection, shared }
    }

    /// Serves until the queue is closed and empty.
    pub(super) fn serve(self) {
        while let Some((_, mut queued)) = self.shared.reads.first() {
            if !queued.job.is_abandoned() {
                let result = self.in_snapshot(&mut *queued.job);
                queued.job.answer(result);
            }
            self.shared.counters.read(queued.since);
        }
    }

    fn in_snapshot(&self, job: &mut dyn Job) -> Result<(), Error> {
        let _gate = self.shared.gate.read();
        let work = || job.run(Driver::Sqlite(Session::new(&self.connection)));
        in_snapshot(&self.connection, work).map(|_stale| ())
    }
}

/// Runs reads that see one moment.
pub(super) fn in_snapshot<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    run(connection, "BEGIN DEFERRED")?;
    let result = work();
    if !connection.is_autocommit() {
        run(connection, "ROLLBACK")?;
    }
    result
}

fn run(connection: &Connection, text: &str) -> Result<(), Error> {
    connection.prepare_cached(text).and_then(|mut it| it.execute([])).map(|_| ()).map_err(translate)
}
