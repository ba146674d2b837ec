//! What a move to another engine needs of a database: every table read and written as plain rows, and a mark that says
//! which end of a move it is.
//!
//! `tables.rs` says what is moved, `texts.rs` makes the statements of it, `rows.rs` runs them; `marks.rs` is the mark, and
//! `gate.rs` keeps everybody else out of a database that bears one. What a move does in which order is `core::moving`'s
//! affair. The reasons stand in docs/decisions/move.md.

mod gate;
mod marks;
mod rows;
mod tables;
mod texts;
mod version;

pub use gate::Admitted;
pub(crate) use gate::pass;
pub use marks::{Mark, State, advance, find, forget_left, put, remove};
pub use rows::{Cell, Record, clear, count, insert, is_empty, last, others, read};
pub use tables::{STAYS, Table, tables};
pub use texts::Generated;
pub use version::is_of_this_version;
