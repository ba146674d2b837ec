//! Sign-ins at one node over PostgreSQL, against the hashes the same machine computes in a bare loop; and what each of
//! them costs the database.

use super::{Bench, JOB, alone};
use crate::Result;
use crate::client::{sign_in_for, sign_in_once};
use crate::hashing::{self, Loop};
use crate::machine::cores;
use crate::rate::Rate;
use crate::sign_in::{CONNECTIONS_PER_THREAD, MEMORY_LIMIT};
use crate::table::{Row, Series, Wanted};
use crate::verify::world::World;
use doorward_crypto::password::{Engine, HashQueueSettings, Params};

/// What the database did for one round.
struct Cost {
    log_bytes: f64,
    cpu_seconds: f64,
}

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let threads = HashQueueSettings::sized(cores(), MEMORY_LIMIT, Params::OWASP).threads;
    let people = threads * CONNECTIONS_PER_THREAD;
    bench.progress.say("scale: making people who sign in");
    let world = World::on_postgres(bench.directory, bench.server.empty("sign_ins"), 0, people)?;
    let node = world.node(bench.binary, &[])?;
    let accounts: Vec<_> = (0..people).map(|number| world.account(number)).collect();
    // Everybody once, so that each comes from a known place, and doors and tenants are remembered.
    for account in &accounts {
        sign_in_once(node.server.address(), account)?;
    }
    let (mut door, mut raw, mut costs) = (Vec::new(), Vec::new(), Vec::new());
    let span = bench.plan.span;
    for round in 0..bench.plan.rounds {
        bench.say_round("sign-ins", round);
        let measure_raw = || hashing::measure(Loop::Raw(Engine::fastest()), threads, span);
        if round % 2 == 1 {
            raw.push(measure_raw()?);
        }
        let (log, database, own) =
            (bench.server.log_bytes()?, bench.server.cpu_seconds()?, node.server.cpu_seconds()?);
        let mut rate = sign_in_for(node.server.address(), &accounts, span)?;
        rate.cpu_seconds = node.server.cpu_seconds()? - own;
        costs.push(Cost {
            log_bytes: (bench.server.log_bytes()? - log) / rate.done,
            cpu_seconds: (bench.server.cpu_seconds()? - database) / rate.done,
        });
        door.push(rate);
        if round % 2 == 0 {
            raw.push(measure_raw()?);
        }
    }
    Ok(rows(&door, &raw, &costs, threads))
}

fn rows(door: &[Rate], raw: &[Rate], costs: &[Cost], threads: usize) -> Vec<Row> {
    let row = |unit, figure: fn(&Rate) -> f64| Row {
        job: JOB,
        ours: Series::new("sign-ins at one node on PostgreSQL", unit, door.iter().map(figure).collect()),
        theirs: Some(Series::new(
            format!("raw hash, {threads} threads"),
            unit,
            raw.iter().map(figure).collect(),
        )),
        wanted: Wanted::AtLeast(0.95),
    };
    let cost = |what: &str, unit, figure: fn(&Cost) -> f64| Row {
        ours: Series::new(what, unit, costs.iter().map(figure).collect()),
        ..alone("", unit, 0.0, Wanted::Nothing)
    };
    vec![
        row("/s", |rate| rate.per_second),
        row("/CPU-s", Rate::per_cpu_second),
        cost("PostgreSQL's processor time for a sign-in", "ms", |cost| cost.cpu_seconds * 1e3),
        cost("write-ahead log of a sign-in", "bytes", |cost| cost.log_bytes),
    ]
}
