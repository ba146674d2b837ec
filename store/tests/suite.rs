//! What the store promises, on every engine there is.
//!
//! `fresh/` gives each test a database of its own; `engine/` is about transactions, whatever they hold;
//! `nouns/` calls every function of every noun; `profile/` reads the SQL that all of them send.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[macro_use]
mod fresh;
mod engine;
mod nouns;
mod profile;
