//! Who still uses what: so that an administrator knows whether an old door, application, kind of password hash or access key can
//! be retired.
//!
//! Counting: `tally.rs` is what waits in memory, `counters.rs` its numbers, `noted.rs` what is counted where, `flush.rs` writes it
//! behind the answer. Telling: `things.rs` are the things a tenant has, `seen.rs` one of them with its figures and [`Verdict`],
//! `people.rs` who blocks its retirement, `shown.rs` to whom they are shown, `everywhere.rs` a door in all trees,
//! `sign_ins.rs` sign-ins by door and day, `export.rs` the tables.
//! docs/decisions/usage.md says why.

mod counters;
mod everywhere;
mod export;
mod figures;
mod flush;
pub(crate) mod noted;
mod people;
mod seen;
mod shown;
mod sign_ins;
mod tally;
mod things;
mod verdict;

pub(crate) use counters::Counter;
pub use everywhere::{
    Everywhere, TREE_COLUMNS, Tree, everywhere, tree_bytes, tree_cells, tree_place, trees, trees_taken,
};
pub use export::{COLUMNS, PEOPLE_COLUMNS, Row, people_cells, table};
pub use flush::flush;
pub use people::{Blocker, Place, people};
pub use seen::{Detail, Head, Seen, list, one};
pub(crate) use sign_ins::SESSIONS_COUNTED;
pub use sign_ins::{Outcomes, SignIns, Through, live_sessions, sign_ins};
pub(crate) use tally::Uses;
pub use verdict::{Verdict, Window};

use crate::{Core, Result};
use doorward_store::password_schemes;

/// People counted of a thing on a list; more are "more than" these.
pub const PEOPLE_COUNTED: i64 = 1_000;
/// People that one write fills in, so that no other write waits long behind it.
const FILLED_AT_ONCE: i64 = 200;

/// How many of something there are, counted up to a bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// As many as were counted.
    pub counted: i64,
    /// Whether there are more.
    pub is_more: bool,
}

impl Count {
    /// Of what was counted up to one more than `most`.
    pub(crate) fn up_to(most: i64, counted: i64) -> Self {
        Self { counted: counted.min(most), is_more: counted > most }
    }
}

/// Waits until so much waits to be written that it should not wait for the next round.
pub async fn pressed(core: &Core) {
    core.uses().pressed().await;
}

/// Things and people that could not be noted, since the start, for figures.
pub fn lost(core: &Core) -> u64 {
    core.uses().lost()
}

/// Fills in the next of those who were here before the kinds of passwords were kept; `true` if there may be more.
pub async fn fill(core: &Core) -> Result<bool> {
    Ok(core.db().write_house_bulk(|tx| password_schemes::fill(tx, FILLED_AT_ONCE)).await?)
}

/// Whether everybody's kind of password is known.
pub async fn is_filled(core: &Core) -> Result<bool> {
    Ok(core.db().read_house(password_schemes::is_filled).await?)
}
