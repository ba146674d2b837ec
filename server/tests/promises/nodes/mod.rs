//! P1, P2 and P22 on several nodes: three processes over one PostgreSQL, clients that sign in, sign out and change
//! passwords at all of them, and a fault in the middle. Afterwards everything that was acknowledged is asked for at every
//! node: nothing is lost, and nothing that was ended is accepted anywhere.
//!
//! Each file is a fault. `cluster.rs` runs the nodes, `traffic.rs` the clients (`person.rs` is one, `spoken.rs` their
//! requests), `watcher.rs` looks while it happens whether a node accepts what was ended, `progress.rs` counts and lets
//! the fault wait for what it needs, `told.rs` prints the line.
//!
//! `bench/faults/` runs the same with thousands of acknowledgements and a node's usual time limits.

mod cluster;
mod connections;
mod cut;
mod failover;
mod full;
mod kill;
mod namespace;
mod person;
mod progress;
mod read_only;
mod rolling;
mod slow;
mod spoken;
mod stopped;
mod told;
mod traffic;
mod watcher;

use doorward_testkit_postgres::{Own, is_skipped};
use std::env;

/// Acknowledged writes of each test, where nobody asks for more.
const SHORT: usize = 60;

/// The long form asks for more.
#[expect(clippy::disallowed_methods, reason = "a knob of the fault harness, not configuration of the server")]
fn asked() -> Option<usize> {
    env::var("DOORWARD_FAULT_ACKNOWLEDGEMENTS").ok().and_then(|text| text.parse().ok())
}

/// One of so many equal parts of all acknowledgements.
fn share(parts: usize) -> usize {
    asked().unwrap_or(SHORT).div_ceil(parts)
}

/// A server of the test's own, if PostgreSQL is not left out.
fn own(configuration: &str) -> Option<Own> {
    (!is_skipped()).then(|| Own::start(configuration))
}

#[expect(clippy::print_stderr, reason = "a test that proves nothing has to say so")]
fn not_proven(fault: &str, why: &str) {
    eprintln!("NOT PROVEN HERE: fault={fault}: {why}");
}
