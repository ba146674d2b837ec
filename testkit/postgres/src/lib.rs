//! A private PostgreSQL for tests: started by whoever needs it first, on a socket in a temporary directory, and stopped
//! when nobody does any more. A server of the machine is never touched.
//!
//! [`Shared`] is one server for all tests of a run, which run in processes of their own; [`Own`] is one that a test may
//! stop, kill, freeze or configure, [`Pair`] one with a standby, [`Wire`] and [`PgBouncer`] stand
//! in front of one, [`Mute`] is none, and [`Crowd`] takes its connections away. `home.rs` is where a server lives, `programs.rs` finds its programs and the user it runs as,
//! `watch.rs` ends it.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot have its database fails")]

mod crowd;
mod home;
mod mute;
mod own;
mod pair;
mod pgbouncer;
mod programs;
mod shared;
mod watch;
mod wire;

pub use crowd::Crowd;
pub use mute::Mute;
pub use own::{Own, Stop};
pub use pair::Pair;
pub use pgbouncer::PgBouncer;
pub use shared::{Database, Shared, is_skipped};
pub use wire::{Prank, Wire};

/// The role every test connects as; it may do everything.
pub const USER: &str = "doorward";
