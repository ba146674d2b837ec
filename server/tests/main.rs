//! Everything of the server that is tested from outside its files.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what fails in a test's own preparations fails the test"
)]

mod cli;
mod clients;
mod config;
mod mail;
mod manage;
mod operations;
mod process;
mod promises;
mod proxies;
