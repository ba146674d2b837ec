//! Migrating a PostgreSQL database, at which several nodes may start at once.
//!
//! Row 0 of the table is the lease: whoever changes the schema holds it, and the others wait until there is nothing left
//! to do.
//!
//! Other nodes go on serving meanwhile. A change of a table that waits for a long transaction would make everybody wait who
//! comes to that table after it, so it waits a moment only, lets them through, and tries again.

use super::{Done, Migration, SERVING_SINCE, TABLE, admit, judge, missing, newer};
use crate::{
    Ddl, Error as StoreError, OpenError,
    engine::{Failure, Link},
};
use std::{thread::sleep, time::Duration};

/// Makes the lease with the table; a node that comes second finds both.
const LEASE: &str = "INSERT INTO migrations (version, name, checksum) VALUES (0, 'lease', 0) ON CONFLICT (version) DO NOTHING";

/// Tries to make the table while others do the same: the server lets one of them through and refuses the rest.
const TRIES: usize = 10;

/// How long one try waits for the lease, and how often: ten minutes together, in which a large table gets its index.
const LEASE_MILLIS: u64 = 2_000;
const LEASE_TRIES: u32 = 300;

/// How long a change may hold up whoever comes after it. Requests wait longer than that for a slow disk.
const LOCK_MILLIS: u64 = 500;

/// How often it tries, and how long the others have the table to themselves in between: a minute together. A transaction
/// that is still open then is a report or was forgotten, and an operator must know.
const LOCK_TRIES: u32 = 40;
const BETWEEN: Duration = Duration::from_secs(1);

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
    let mut waits = Waits::default();
    loop {
        let done = known(link)?;
        if missing(&done).next().is_none() {
            return Ok(());
        }
        let outcome = step(link);
        if !matches!(outcome, Ok(Step::Taken)) {
            link.roll_back();
        }
        match outcome? {
            Step::Taken => waits = Waits::default(),
            Step::NotYet(for_what) => waits.again(for_what)?,
        }
    }
}

/// How a step ended.
enum Step {
    /// It is done, by this node or another.
    Taken,
    NotYet(Wait),
}

/// What a step waits for.
enum Wait {
    /// Another node has the lease.
    Lease,
    /// A transaction has what a migration changes.
    Lock { migration: &'static str, reason: String },
}

/// How often the next step was tried.
#[derive(Default)]
struct Waits {
    lease: u32,
    lock: u32,
}

impl Waits {
    /// Says what is waited for, and gives up after long enough.
    fn again(&mut self, wait: Wait) -> Result<(), Error> {
        let given_up = |reason: String| Error::Failed(Failure::Final(StoreError::Unavailable { reason }));
        match wait {
            Wait::Lease => {
                self.lease += 1;
                if self.lease == 1 {
                    tracing::info!("another node migrates the database; this one waits for it");
                }
                if self.lease >= LEASE_TRIES {
                    return Err(given_up("another node migrates it and does not come to an end".to_owned()));
                }
            }
            Wait::Lock { migration, reason } => {
                self.lock += 1;
                if self.lock == 1 {
                    tracing::warn!(migration, reason, "a migration waits for a long transaction to end");
                }
                if self.lock >= LOCK_TRIES {
                    return Err(given_up(format!(
                        "the migration {migration} waited for a long transaction in vain: {reason}; end it (pg_stat_activity \
                         shows it) and start again"
                    )));
                }
                sleep(BETWEEN);
            }
        }
        Ok(())
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

/// What the database has, if this program may serve over it.
fn known(link: &Link) -> Result<Vec<Done>, Error> {
    let done = applied(link)?;
    judge(&done).map_err(Error::Refused)?;
    if let Some(database) = newer(&done) {
        let rows = link.ask("SELECT oldest FROM serving WHERE one = 1")?;
        let oldest = rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok());
        admit(database, oldest).map_err(Error::Refused)?;
    }
    Ok(done)
}

/// Applies the next migration, if it is still missing when this node's turn comes. Each statement sees what was committed
/// before it, so the table is read anew under the lease.
fn step(link: &Link) -> Result<Step, Error> {
    let lease = link.batch_patiently(&format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = {LEASE_MILLIS}; \
         SELECT version FROM migrations WHERE version = 0 FOR UPDATE; SET LOCAL lock_timeout = {LOCK_MILLIS}"
    ));
    match lease {
        Ok(()) => {}
        Err(Failure::Held(_)) => return Ok(Step::NotYet(Wait::Lease)),
        Err(failure) => return Err(failure.into()),
    }
    let done = known(link)?;
    if let Some(next) = missing(&done).next() {
        match next.apply_on_postgres(link) {
            Ok(()) => {}
            // A deadlock with a transaction is no other case.
            Err(Failure::Held(reason) | Failure::Again(reason)) => {
                return Ok(Step::NotYet(Wait::Lock { migration: next.name, reason }));
            }
            Err(failure) => return Err(failure.into()),
        }
        tracing::info!(version = next.version, name = next.name, "the database is migrated");
    }
    link.batch("COMMIT")?;
    Ok(Step::Taken)
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
        ))?;
        if self.version < SERVING_SINCE {
            return Ok(());
        }
        let oldest = self.oldest;
        link.batch(&format!(
            "INSERT INTO serving (one, oldest) VALUES (1, {oldest}) \
             ON CONFLICT (one) DO UPDATE SET oldest = {oldest} WHERE serving.oldest < {oldest}"
        ))
    }
}
