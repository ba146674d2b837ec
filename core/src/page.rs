//! Lists a part at a time; the database cuts them, whatever size they have.

use doorward_store as store;

/// Which part of a list is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// How many to skip.
    pub start: usize,
    /// How many to list at most.
    pub rows: usize,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The part.
    pub items: Vec<T>,
    /// How many the whole list has.
    pub total: usize,
    /// How many were skipped.
    pub start: usize,
}

impl Part {
    /// All of it.
    pub const WHOLE: Self = Self { start: 0, rows: usize::MAX };

    /// As the store counts.
    pub(crate) fn stored(self) -> store::Part {
        let count = |number| i64::try_from(number).unwrap_or(i64::MAX);
        store::Part { start: count(self.start), rows: count(self.rows) }
    }

    /// What was read, with how many there are in all.
    pub(crate) fn page<T>(self, items: Vec<T>, total: i64) -> Page<T> {
        Page { items, total: usize::try_from(total).unwrap_or(0), start: self.start }
    }
}
