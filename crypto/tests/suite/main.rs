//! What the rest of Doorward sees of this crate.

mod keys;
mod passwords;
