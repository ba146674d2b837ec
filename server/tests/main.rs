//! Everything of the server that is tested from outside its files.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what fails in a test's own preparations fails the test"
)]

mod cli;
mod config;
mod listen;
mod mail;
mod process;
mod promises;
