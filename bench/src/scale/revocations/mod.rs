//! How soon every node refuses what one of them ended: with nodes that ring for each other, and with nodes that only read
//! the log of revocations as often as they do anyway.
//!
//! Three nodes; each session is remembered by all of them, then ended by a sign-out at one, nodes in turns. The time runs
//! from that node's answer until the slower of the two others has refused the session. `watch.rs` does it, `requests.rs` is
//! what is sent.

mod requests;
mod watch;

use super::{Bench, alone};
use crate::Result;
use crate::table::{Row, Wanted};
use crate::verify::remember_all;
use crate::verify::world::{Node, World};
use watch::{PAUSE, Watched};

const NODES: usize = 3;
/// What `/metrics` says of it: from the writing of the log, just before the commit, to its reading.
const LAG: &str = "doorward_revocations_lag_micros_most";
/// What is promised (P2), in milliseconds.
const BOUND: f64 = 1_000.0;
/// What is promised where nodes ring.
const RUNG: f64 = 100.0;

/// One of the two ways to hear.
struct Way {
    words: &'static str,
    notify: &'static str,
    sessions: u64,
    /// Sign-outs at a time.
    in_flight: usize,
    p99: Wanted,
}

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let rung = Way {
        words: "NOTIFY",
        notify: "true",
        sessions: bench.either(10_000, 300),
        in_flight: 4,
        p99: Wanted::AtMost(RUNG),
    };
    // Each takes as long as the poll, so there are fewer, and more at a time.
    let polled = Way {
        words: "poll of 100 ms only",
        notify: "false",
        sessions: bench.either(2_000, 60),
        in_flight: 8,
        p99: Wanted::Nothing,
    };
    let mut rows = measure(bench, &rung, "rung")?;
    rows.extend(measure(bench, &polled, "polled")?);
    Ok(rows)
}

fn measure(bench: &Bench<'_>, way: &Way, database: &str) -> Result<Vec<Row>> {
    let Way { words, sessions, .. } = way;
    bench.progress.say(&format!("scale: {sessions} sessions at three nodes, {words}"));
    let world = World::on_postgres(bench.directory, bench.server.empty(database), *sessions, 1)?;
    let settings = [("DOORWARD_STORE__POSTGRES__REVOCATION_NOTIFY", way.notify)];
    let nodes: Vec<Node> = (0..NODES).map(|_| world.node(bench.binary, &settings)).collect::<Result<_>>()?;
    for node in &nodes {
        remember_all(&node.server, &world)?;
    }
    let addresses: Vec<_> = nodes.iter().map(|node| node.server.address()).collect();
    let watched = watch::run(&addresses, *sessions, way.in_flight, &|done| {
        bench.progress.say(&format!("scale: {done} of {sessions} revocations, {words}"));
    })?;
    let lags = nodes.iter().map(|node| node.server.figure(LAG)).collect::<Result<Vec<_>>>()?;
    Ok(rows(way, &watched, lags.into_iter().fold(0.0, f64::max) / 1e3))
}

fn rows(way: &Way, watched: &Watched, lag: f64) -> Vec<Row> {
    let Way { words, sessions, in_flight, p99, .. } = way;
    let refused = |share: &str| {
        format!("{share} of {sessions} revocations at {NODES} nodes, {words}, {in_flight} at a time")
    };
    let resolution = format!("asked every {} ms and the answer: between two looks, p50", PAUSE.as_millis());
    vec![
        alone(refused("p50"), "ms", watched.delay(50), Wanted::Nothing),
        alone(refused("p99"), "ms", watched.delay(99), *p99),
        alone(refused("longest"), "ms", watched.delay(100), Wanted::AtMost(BOUND)),
        alone(format!("{words}: {resolution}"), "ms", watched.gap(50), Wanted::Nothing),
        alone(format!("{words}: between two looks, p99"), "ms", watched.gap(99), Wanted::Nothing),
        alone(format!("{words}: `{LAG}` of the slowest node"), "ms", lag, Wanted::AtMost(BOUND)),
    ]
}
