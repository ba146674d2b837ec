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
        self.run("BEGIN DEFERRED")?;
        let result = job.run(Driver::Sqlite(Session::new(&self.connection)));
        if !self.connection.is_autocommit() {
            self.run("ROLLBACK")?;
        }
        result.map(|_stale| ())
    }

    fn run(&self, text: &str) -> Result<(), Error> {
        self.connection.prepare_cached(text).and_then(|mut it| it.execute([])).map(|_| ()).map_err(translate)
    }
}
