//! Everything secret that is computed: randomness, keys, keyed hashes, sealing, signed assertions, and password hashes
//! with the bounded queue that computes them.
//!
//! A leaf: it knows `model` and nothing else of ours; it stores nothing and reads no configuration and no clock
//! (the queue measures spans of time, never dates). Start with [`Keyring`] for tokens and codes, and with
//! [`password::HashQueue`] for passwords.

mod assertion;
mod cell;
mod digest;
mod keys;
pub mod password;
mod random;
mod token;

pub use assertion::{AssertionKeys, CannotSign, PUBLISHED_FOR, PublicKey};
pub use cell::{CellKey, CellPublicKey};
pub use digest::Digest;
pub use keys::{
    DerivePurpose, HashPurpose, KeyFileError, KeyedHash, Keyring, OpenError, SealError, SealPurpose,
};
pub use random::{Random, RandomUnavailable};
pub use token::{hex, url_safe, uuid_text};
