//! Which part of a list is read.

/// A part of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// How many are skipped.
    pub start: i64,
    /// How many are read at most.
    pub rows: i64,
}
