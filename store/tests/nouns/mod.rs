//! Every store function of every noun, for what its callers rely on. A file per noun, named as in `src/`.
//!
//! Here is only what all of them use: two pools, ids and times that are the same in every run, and a text that
//! no engine may bend.

mod access_keys;
mod application_tokens;
mod applications;
mod attempts;
mod callers;
mod cell_nonces;
mod digests;
mod directory;
mod doors;
mod events;
mod installation;
mod key_windows;
mod leases;
mod logos;
mod lookup;
mod mails;
mod memberships;
mod numbers;
mod once;
mod operator_links;
mod operator_sessions;
mod operator_tokens;
mod operators;
mod password_schemes;
mod people;
mod people_words;
mod regions;
mod revocations;
mod rosters;
mod sessions;
mod tallies;
mod tenants;
mod terms;
mod tickets;
mod uses;
mod works;

use doorward_model::{PoolId, Timestamp};
use doorward_store::Error;
use std::fmt::Debug;
use uuid::Uuid;

/// Where a test works.
pub(crate) const POOL: PoolId = PoolId::new(id(1));
/// Where nothing of that may be seen.
pub(crate) const OTHER: PoolId = PoolId::new(id(2));
/// Not ASCII, and full of what SQL and `LIKE` read in their own way.
pub(crate) const ODD: &str = "Zoë 李 😀 %_'\"\\; --";

/// The same id in every run; a greater number sorts later.
pub(crate) const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A moment, in whole seconds.
pub(crate) const fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

/// The rule of this name was broken.
pub(crate) fn assert_breaks<T: Debug>(answer: Result<T, Error>, rule: &str) {
    match answer {
        Err(Error::Constraint { name }) => assert_eq!(name, rule),
        other => panic!("expected {rule} to be broken, not {other:?}"),
    }
}
