//! Durable session inserts: the store's one writer with its shared commits, against connections that contend.
//!
//! Both write the same two rows per session into the same schema, in WAL with `synchronous=FULL`, each round into a
//! database of its own on the disk the bench's program is on. `store.rs` is ours, `contending.rs` the peer.

mod contending;
pub(crate) mod session;
pub(crate) mod store;

use crate::Result;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::rate::Rate;
use crate::table::{Row, Series, Wanted};
use doorward_store::{Db, SqliteSettings};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// Clients of the store, each waiting for its insert before the next one.
const CLIENTS: usize = 16;

/// Connections of the peer: a usual small pool, each with a thread of its own.
const CONNECTIONS: usize = 4;

/// Measures both in turns.
pub(crate) fn run(plan: &Plan, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        progress.say(&format!("inserts, round {} of {}", round + 1, plan.rounds));
        // Who goes first changes, so that neither always meets the other's dirty pages.
        if round % 2 == 0 {
            ours.push(measure(directory, plan.span, |at, span| store::measure(at, CLIENTS, span))?);
        }
        theirs.push(measure(directory, plan.span, |at, span| contending::measure(at, CONNECTIONS, span))?);
        if round % 2 == 1 {
            ours.push(measure(directory, plan.span, |at, span| store::measure(at, CLIENTS, span))?);
        }
    }
    Ok(rows(&ours, &theirs))
}

fn measure(
    directory: &Path,
    span: Duration,
    work: impl FnOnce(&SqliteSettings, Duration) -> Result<Rate>,
) -> Result<Rate> {
    let home = TempDir::new_in(directory)?;
    let settings = SqliteSettings { path: home.path().join("bench.db"), readers: 1 };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(Db::open(&settings)?.close());
    work(&settings, span)
}

fn rows(ours: &[Rate], theirs: &[Rate]) -> Vec<Row> {
    let pair = |what: &str, unit, figure: fn(&Rate) -> f64, wanted| Row {
        job: "session inserts",
        ours: Series::new(format!("{CLIENTS} clients, {what}"), unit, ours.iter().map(figure).collect()),
        theirs: Some(Series::new(
            format!("{CONNECTIONS} connections contending, {what}"),
            unit,
            theirs.iter().map(figure).collect(),
        )),
        wanted,
    };
    vec![
        pair("durable", "/s", |rate| rate.per_second, Wanted::AtLeast(1.5)),
        pair("worst wait", "ms", |rate| rate.worst_wait * 1000.0, Wanted::AtMost(0.1)),
    ]
}
