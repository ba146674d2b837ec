//! The verbs of Doorward: what anyone may ask for, whatever dialect they speak.
//!
//! An operation takes the [`Core`] and the [`Caller`], decides, and returns an outcome or one of the meanings of
//! [`Error`]. It knows no HTTP and no SQL: doors parse and render, `store` remembers.

mod caller;
mod doors;
mod error;

pub use caller::Caller;
pub use doors::{DoorTable, ResolvedDoor};
pub use error::{Error, Result};

/// Everything an operation needs, handed down from `server`.
#[derive(Debug)]
pub struct Core {
    doors: arc_swap::ArcSwap<DoorTable>,
}

impl Core {
    /// The doors as they are now.
    pub fn doors(&self) -> std::sync::Arc<DoorTable> {
        self.doors.load_full()
    }
}
