//! Nodes over PostgreSQL: what a shared database costs, and how soon every node knows what one of them revoked.
//!
//! A private server is started beside the bench's program, configured as a careful operator would (`server.rs`), with
//! real `doorward serve` processes over it. One file per figure: `sign_ins.rs`, `hits.rs`, `two_nodes.rs`, `revocations/`,
//! `inserts.rs` with its peer `pgbench.rs`, and `sizes.rs`, which the cost model of `docs/operators/scale.md` reckons with.
//! What PostgreSQL takes comes out of the same cores as everything else.

mod hits;
mod inserts;
mod pgbench;
mod revocations;
pub(crate) mod server;
mod sign_ins;
mod sizes;
mod two_nodes;

use crate::Result;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::table::{Row, Series, Wanted};
use crate::verify::load::Measured;
use server::Server;
use std::path::Path;

const JOB: &str = "scale";

/// Measures everything.
pub(crate) fn run(plan: &Plan, binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    progress.say("scale: starting PostgreSQL");
    let server = Server::start(directory);
    let bench = Bench { plan, server: &server, binary, directory, progress };
    let figures: [(&str, Figure); 6] = [
        ("sign-ins", sign_ins::run),
        ("verify hits", hits::run),
        ("two nodes", two_nodes::run),
        ("revocations", revocations::run),
        ("inserts", inserts::run),
        ("sizes", sizes::run),
    ];
    let mut rows = Vec::new();
    for (name, measure) in figures {
        rows.extend(measure(&bench).map_err(|error| format!("scale, {name}: {error}"))?);
    }
    Ok(rows)
}

type Figure = fn(&Bench<'_>) -> Result<Vec<Row>>;

/// What every figure is measured with.
struct Bench<'a> {
    plan: &'a Plan,
    server: &'a Server,
    binary: &'a Path,
    directory: &'a Path,
    progress: &'a Progress,
}

impl Bench<'_> {
    /// So many for figures to publish, so few to see that it runs.
    fn either(&self, many: u64, few: u64) -> u64 {
        if self.plan.rounds > 1 { many } else { few }
    }

    fn say_round(&self, what: &str, round: usize) {
        self.progress.say(&format!("scale: {what}, round {} of {}", round + 1, self.plan.rounds));
    }
}

/// A figure that stands alone.
fn alone(what: impl Into<String>, unit: &'static str, figure: f64, wanted: Wanted) -> Row {
    Row { job: JOB, ours: Series::new(what, unit, vec![figure]), theirs: None, wanted }
}

/// The rates of two loads, per second of the clock and of the nodes' processor time.
fn rates(what: &str, ours: &[Measured], name: &str, theirs: &[Measured], wanted: Wanted) -> [Row; 2] {
    let row = |unit, figure: fn(&Measured) -> f64| {
        let series =
            |name: &str, rounds: &[Measured]| Series::new(name, unit, rounds.iter().map(figure).collect());
        Row { job: JOB, ours: series(what, ours), theirs: Some(series(name, theirs)), wanted }
    };
    [row("/s", |round| round.rate.per_second), row("/CPU-s", |round| round.rate.per_cpu_second())]
}
