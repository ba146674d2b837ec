//! Moving a whole installation from one engine to the other, while nobody serves it.
//!
//! [`run`] marks both ends (`begin.rs`), copies every table in the order of its keys (`copy.rs`), reads both sides again
//! and compares them for every table and pool (`verify.rs`), and only then lets the other end be used (`finish.rs`). It
//! may be killed at any moment and run again. [`abandon`] gives it up. Keys are not in a database, and neither are nodes'
//! memories, so sessions go on where they were; docs/decisions/move.md has the reasons.

mod abandon;
mod begin;
mod copy;
mod error;
mod finish;
mod verify;

pub use abandon::abandon;
pub use error::{Difference, Error};
pub use verify::{Side, Verified};

use crate::Clock;
use doorward_model::EventId;
use doorward_store::moving::{self as store, Table};
use doorward_store::{Db, Error as StoreError};
use std::sync::Arc;
use uuid::Uuid;

/// Rows that are read and written at a time: few enough to be held in memory whatever they hold, many enough that a commit
/// for each batch costs little.
const BATCH: i64 = 1_000;

/// One end of a move; opened as [`doorward_store::moving::Admitted::AnyEnd`].
#[derive(Clone)]
pub struct End {
    /// The database.
    pub db: Db,
    /// What an operator calls it: a path, or hosts and database.
    pub place: String,
}

/// A move.
pub struct Move {
    /// Where everything is.
    pub from: End,
    /// Where it shall be.
    pub to: End,
    /// Names the move, if it begins now. Whoever makes it makes a new one each time.
    pub id: Uuid,
    /// The id of the event that tells of it.
    pub event: EventId,
    /// What tells the time.
    pub clock: Clock,
    /// Empty the other end of what an earlier try left there, and begin anew.
    pub restart: bool,
    /// No node runs, whatever connections there are.
    pub nodes_are_stopped: bool,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Rows are written to the other end.
    Copy,
    /// Both sides are read and compared.
    Verify,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// With what.
    pub phase: Phase,
    /// With which table.
    pub table: String,
    /// Rows of this phase that are done, over all tables.
    pub done: u64,
    /// Rows there are.
    pub total: u64,
    /// Whether the table is done.
    pub is_table_done: bool,
}

/// Moves everything; says what was compared, by table and pool. Nothing is changed at the source but its mark, and the
/// other end cannot be used before this has returned.
///
/// Errors: [`Error`], each of which says what to do; whatever it is, running it again goes on where it stopped.
pub async fn run(it: &Move, mut progress: impl FnMut(Progress)) -> Result<Vec<Verified>, Error> {
    for end in [&it.from, &it.to] {
        let clock = it.clock.clone();
        end.db.set_log_clock(move || clock.now());
    }
    let tables = tables()?;
    let id = begin::begin(it, &tables).await?;
    let total = copy::copy(it, id, &tables, &mut progress).await?;
    let verified = verify::verify(it, &tables, total, &mut progress).await?;
    // Whoever came back meanwhile, by a connection that had been cut, may have written after it was read.
    begin::alone(it).await?;
    finish::finish(it, id).await?;
    Ok(verified)
}

/// Shared, because a transaction owns what it works with.
type Tables = Vec<Arc<Table>>;

fn tables() -> Result<Tables, Error> {
    let tables = store::tables().map_err(|error| Error::store("this program", "the schema", error))?;
    Ok(tables.into_iter().map(Arc::new).collect())
}

impl End {
    async fn mark(&self) -> Result<Option<store::Mark>, Error> {
        self.told("the mark of a move", self.db.read_house(store::find).await)
    }

    /// A store's error with what was read or written here.
    fn told<T>(&self, what: &str, outcome: Result<T, StoreError>) -> Result<T, Error> {
        outcome.map_err(|error| Error::store(&self.place, what, error))
    }
}
