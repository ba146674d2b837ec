//! Reads on the calling thread: a few look-ups by key, which take less time than waking a reader thread would.
//!
//! Connections are lent: there are never more than threads that read at once. A read is a transaction, so its look-ups see
//! one moment and take the file's lock once; or it is a single statement, which is as good as one.

use super::{Session, Shared, errors::translate, reader::in_snapshot};
use crate::{Error, engine::Driver};
use rusqlite::Connection;
use std::sync::{Mutex, PoisonError};

/// Connections that wait for the next reader.
pub(super) struct Glances(Mutex<State>);

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    is_closed: bool,
}

impl Glances {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    pub(super) fn read<T>(
        &self,
        shared: &Shared,
        work: impl FnOnce(Driver<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.lent(shared, |connection| {
            in_snapshot(connection, || work(Driver::Sqlite(Session::new(connection))))
        })
    }

    /// For a single statement, which needs no transaction.
    pub(super) fn peek<T>(
        &self,
        shared: &Shared,
        work: impl FnOnce(Driver<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.lent(shared, |connection| work(Driver::Sqlite(Session::of_one_statement(connection))))
    }

    fn lent<T>(
        &self,
        shared: &Shared,
        work: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let connection = match self.lend()? {
            Some(connection) => connection,
            None => shared.place.reader().map_err(translate)?,
        };
        let _gate = shared.gate.read();
        let outcome = work(&connection);
        self.give_back(connection);
        outcome
    }

    /// Ends the connections; a read that has one ends its own.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.idle.clear();
    }

    fn lend(&self) -> Result<Option<Connection>, Error> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(Error::Unavailable { reason: "the database is closing".to_owned() });
        }
        Ok(state.idle.pop())
    }

    fn give_back(&self, connection: Connection) {
        let mut state = self.lock();
        // One whose transaction could not be ended is of no use to anybody.
        if !state.is_closed && connection.is_autocommit() {
            state.idle.push(connection);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
