//! Migrating a PostgreSQL database, at which several nodes may start at once.
//!
//! Row 0 of the table is the lease: whoever changes the schema holds it, and the others wait until there is nothing left
//! to do.

use super::{Done, Migration, TABLE, judge, missing};
use crate::{
    Ddl, Error as StoreError, OpenError,
    engine::{Failure, Link},
};

/// Makes the lease with the table; a node that comes second finds both.
const LEASE: &str = "INSERT INTO migrations (version, name, checksum) VALUES (0, 'lease', 0) ON CONFLICT (version) DO NOTHING";

/// Tries to make the table while others do the same: the server lets one of them through and refuses the rest.
const TRIES: usize = 10;

/// Why a database was not migrated.
pub(crate) enum Error {
    /// It is somebody else's.
    Foreign,
    /// It must not be.
    Refused(OpenError),
    /// It could not be.
    Failed(Failure),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Brings a database up to date.
pub(crate) fn run(link: &Link) -> Result<(), Error> {
    for _ in 1..TRIES {
        if is_ours(link)? {
            break;
        }
        match make(link) {
            Ok(()) => break,
            Err(failure) => tracing::debug!(?failure, "another node makes the first table"),
        }
    }
    if !is_ours(link)? {
        make(link)?;
    }
    loop {
        let done = applied(link)?;
        judge(&done).map_err(Error::Refused)?;
        if missing(&done).next().is_none() {
            return Ok(());
        }
        let outcome = step(link);
        if outcome.is_err() {
            link.roll_back();
        }
        outcome?;
    }
}

/// Whether our table is there; a database that has only others is not ours.
fn is_ours(link: &Link) -> Result<bool, Error> {
    let rows = link.ask("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()")?;
    let mut tables = rows.into_iter().flatten().flatten().peekable();
    if tables.peek().is_none() {
        return Ok(false);
    }
    if tables.any(|table| table == "migrations") { Ok(true) } else { Err(Error::Foreign) }
}

fn make(link: &Link) -> Result<(), Failure> {
    let made = link.batch(&format!("BEGIN; {}; {LEASE}; COMMIT", Ddl::Postgres.render(TABLE)));
    if made.is_err() {
        link.roll_back();
    }
    made
}

fn applied(link: &Link) -> Result<Vec<Done>, Error> {
    match link.ask("SELECT version, checksum FROM migrations WHERE version > 0 ORDER BY version") {
        Ok(rows) => rows.into_iter().map(|row| done(&row).ok_or(Error::Foreign)).collect(),
        // A table of that name with other columns.
        Err(Failure::Final(StoreError::Fault(_))) => Err(Error::Foreign),
        Err(failure) => Err(failure.into()),
    }
}

fn done(row: &[Option<String>]) -> Option<Done> {
    let mut numbers = row.iter().map(|text| text.as_deref()?.parse::<i64>().ok());
    numbers.next().flatten().zip(numbers.next().flatten())
}

/// Applies the next migration, if it is still missing when this node's turn comes. Each statement sees what was committed
/// before it, so the table is read anew under the lease.
fn step(link: &Link) -> Result<(), Error> {
    link.batch_patiently(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
         SELECT version FROM migrations WHERE version = 0 FOR UPDATE",
    )?;
    let done = applied(link)?;
    judge(&done).map_err(Error::Refused)?;
    if let Some(next) = missing(&done).next() {
        next.apply_on_postgres(link)?;
        tracing::info!(version = next.version, name = next.name, "the database was migrated");
    }
    Ok(link.batch("COMMIT")?)
}

impl Migration {
    fn apply_on_postgres(&self, link: &Link) -> Result<(), Failure> {
        link.batch_patiently(&Ddl::Postgres.render(self.text))?;
        // Version and name are constants of this program, and a checksum is a number.
        link.batch(&format!(
            "INSERT INTO migrations (version, name, checksum) VALUES ({}, '{}', {})",
            self.version,
            self.name,
            self.checksum()
        ))
    }
}
