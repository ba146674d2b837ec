//! What Doorward keeps: the only crate that contains SQL.
//!
//! A caller hands [`Db`] a synchronous closure that owns what it needs; inside, free functions by noun run
//! statements on the transaction, which is bound to one pool ([`Tx`]) or crosses pools ([`HouseTx`]).
//! Nothing here decides a rule of identity, reads a clock or makes an id. Start with `db.rs`, then a noun.

pub mod access_keys;
pub mod application_tokens;
pub mod applications;
pub mod attempts;
pub mod callers;
pub mod cell_nonces;
mod columns;
mod db;
mod ddl;
pub mod digests;
pub mod directory;
pub mod doors;
mod engine;
mod error;
pub mod events;
mod fills;
pub mod installation;
mod invalidation;
pub mod key_windows;
pub mod leases;
pub mod logos;
pub mod lookup;
pub mod mails;
pub mod memberships;
mod migrate;
pub mod moving;
pub mod numbers;
pub mod once;
pub mod operator_links;
pub mod operator_sessions;
pub mod operator_tokens;
pub mod operators;
mod part;
pub mod password_schemes;
pub mod people;
pub mod people_words;
pub mod regions;
pub mod restored;
pub mod revocations;
pub mod rosters;
mod row;
pub mod serving;
pub mod sessions;
mod statement;
mod stretch;
pub mod tallies;
pub mod tenants;
pub mod terms;
pub mod tickets;
mod tx;
pub mod used_by;
pub mod uses;
mod value;
pub mod work_parts;
pub mod work_refusals;
pub mod works;

pub use db::Db;
pub use ddl::Ddl;
pub use engine::{
    Connections, HeardStats, Hearing, PostgresSettings, Progress, Replaced, Restore, RestoreError, Restored,
    SqliteSettings, Stats, restore,
};
pub use error::{Error, OpenError};
pub use invalidation::Invalidation;
pub use part::Part;
pub use row::Row;
pub use statement::{Statement, per_engine, sql};
pub use stretch::{Key, Stretch};
pub use tx::{HouseTx, Statements, Tx};
pub use value::{FromValue, Json, Kind, ToValue, Typed, Value};
