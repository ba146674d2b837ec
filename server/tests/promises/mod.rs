//! The promises of `docs/operators/promises.md`, each with its proof.
//!
//! What can be told inside one process is asked there, over a core with a clock that stands still (`rooms.rs`);
//! everything else starts the real binary and speaks to it over sockets (`doors.rs`). Nothing here measures time.

mod asked_mail;
mod canaries;
mod crash_disk;
mod crowd;
mod crowded;
mod database;
mod doors;
mod durability;
mod endings;
mod fresh;
mod headers;
mod hostile;
mod installation;
mod isolation;
mod links;
mod mail_down;
mod nodes;
mod once;
mod pages;
mod rooms;
mod sameness;
mod traffic;
