//! Verify hits at one node over PostgreSQL, against the same on SQLite: a hit reads no database, so only the log of
//! revocations, which a node reads ten times a second, could make them differ.

use super::{Bench, alone, rates};
use crate::Result;
use crate::table::{Row, Wanted};
use crate::verify::load::Asked;
use crate::verify::world::{Assertions, World};
use crate::verify::{USUAL_MEMORY, measure, remember_all};

/// Live sessions.
const SESSIONS: u64 = 1_000;
/// Of `/metrics`: a hit reads nothing, unless the node has not heard of revocations for too long.
const READS: &str = "doorward_store_reads_total";

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    bench.progress.say("scale: making a thousand sessions, twice");
    let shared = World::on_postgres(bench.directory, bench.server.empty("hits"), SESSIONS, 1)?;
    let file = World::make(bench.directory, SESSIONS)?;
    let on_postgres = shared.serve(bench.binary, USUAL_MEMORY, Assertions::Off)?;
    let on_sqlite = file.serve(bench.binary, USUAL_MEMORY, Assertions::Off)?;
    remember_all(&on_postgres, &shared)?;
    remember_all(&on_sqlite, &file)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let read = on_postgres.figure(READS)?;
    for round in 0..bench.plan.rounds {
        bench.say_round("verify hits", round);
        let ask_file = || measure(&on_sqlite, &file, Asked::ForwardAuth, bench.plan.span);
        if round % 2 == 1 {
            theirs.push(ask_file()?);
        }
        ours.push(measure(&on_postgres, &shared, Asked::ForwardAuth, bench.plan.span)?);
        if round % 2 == 0 {
            theirs.push(ask_file()?);
        }
    }
    let read = on_postgres.figure(READS)? - read;
    let hits: f64 = ours.iter().map(|round| round.rate.done).sum();
    let wanted = Wanted::AtLeast(0.95);
    let mut rows =
        rates("verify hits at one node on PostgreSQL", &ours, "on SQLite", &theirs, wanted).to_vec();
    let what = "reads of PostgreSQL for a million hits, those of background jobs among them";
    rows.push(alone(what, "", read / hits * 1e6, Wanted::Nothing));
    Ok(rows)
}
