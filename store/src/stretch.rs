//! Looking through a whole table a stretch at a time, in the order of its keys: for what no index finds by its end, because
//! every sign-in would have to keep that index.
//!
//! Looking is a read and keeps nobody waiting; what it found is deleted by its key, if it is still over then.

use crate::{Error, FromValue, Row};
use doorward_model::{PoolId, Timestamp};

/// The key of a row: its pool, and its name there.
pub type Key<K> = (PoolId, K);

/// What was found among some rows that follow each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stretch<K> {
    /// The rows that are over.
    pub over: Vec<Key<K>>,
    /// After which row to go on; `None` at the end of the table.
    pub next: Option<Key<K>>,
}

impl<K: Copy> Stretch<K> {
    /// Of rows with whether they are over, of which no more than `limit` were asked for.
    pub(crate) fn of(rows: Vec<(Key<K>, bool)>, limit: i64) -> Self {
        let is_full = i64::try_from(rows.len()).is_ok_and(|looked_at| looked_at >= limit);
        let next = rows.last().filter(|_| is_full).map(|(key, _)| *key);
        Self { over: rows.into_iter().filter_map(|(key, is_over)| is_over.then_some(key)).collect(), next }
    }
}

/// A row of pool, name, and a time that is NULL unless the row is over.
pub(crate) fn read_key<K: FromValue>(row: &Row<'_>) -> Result<(Key<K>, bool), Error> {
    Ok(((row.get(0)?, row.get(1)?), row.get::<Option<Timestamp>>(2)?.is_some()))
}
