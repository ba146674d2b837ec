//! The gate as proxies and services see it: whole questions over a real socket, revocations in between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its own functions too")]
#![expect(clippy::panic, reason = "a test fails by panicking, in its own functions too")]

mod agreement;
mod answers;
mod assertions;
mod basic;
mod endings;
mod hosts;
mod limits;
mod metadata;
mod misses;
mod revocations;
mod routes;
mod services;
mod stage;
mod tokens;
