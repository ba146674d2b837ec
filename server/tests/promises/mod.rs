//! The promises of `docs/operators/promises.md`, each with its proof.
//!
//! What can be told inside one process is asked there, over a core with a clock that stands still (`rooms.rs`);
//! everything else starts the real binary and speaks to it over sockets (`doors.rs`). Nothing here measures time.

mod database;
mod doors;
mod fresh;
mod hostile;
mod installation;
mod once;
