//! What the rest of Doorward sees of this crate.

mod assertions;
mod keys;
mod passwords;
