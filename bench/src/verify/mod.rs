//! Who is calling? The verify endpoints of a real server, against what axum alone reaches with a cookie, a hash and a
//! look-up in a concurrent map.
//!
//! Both are processes of their own, loaded in turns over the same number of keep-alive connections; figures per second
//! of *their* processor time are what counts, because the load shares the cores. `world.rs` and `fill.rs` make the sessions and keys,
//! `baseline.rs` is the peer, `load.rs` the load; `large.rs` and `assertions.rs` are the parts with worlds of their own.

mod assertions;
pub(crate) mod baseline;
pub(crate) mod fill;
mod large;
pub(crate) mod load;
pub(crate) mod world;

use crate::Result;
use crate::client::sign_in_for;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::server_process::ServerProcess;
use crate::sign_in::load as cycled;
use crate::table::{Row, Series, Wanted};
use load::{Asked, Measured, ask_all, ask_for};
use std::path::Path;
use std::time::Duration;
use world::{Assertions, World};

/// Live sessions of the small and of the large world.
const FEW: u64 = 1_000;
const MANY: u64 = 1_000_000;
/// Sessions of the large world in a quick run.
const MANY_QUICKLY: u64 = 20_000;
/// What a server remembers callers in, unless told otherwise.
pub(crate) const USUAL_MEMORY: &str = "64MiB";
/// The longest that remembering all sessions may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Sign-ins that keep the hash queue full.
const SIGN_INS: usize = 8;

/// Measures everything.
pub(crate) fn run(plan: &Plan, binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    let many = if plan.rounds > 1 { MANY } else { MANY_QUICKLY };
    let mut rows = few(plan, binary, directory, progress)?;
    rows.extend(assertions::run(plan, binary, directory, progress)?);
    rows.extend(large::run(plan, binary, directory, progress, many)?);
    Ok(rows)
}

/// A thousand sessions: every kind of question, and sign-ins beside them.
fn few(plan: &Plan, binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    progress.say("verify: making a thousand sessions");
    let world = World::make(directory, FEW)?;
    let server = world.serve(binary, USUAL_MEMORY, Assertions::Off)?;
    let peer = ServerProcess::baseline(world.path(), FEW)?;
    let mut peers = Vec::new();
    let mut asked: Vec<(Asked, Vec<Measured>)> = [Asked::ForwardAuth, Asked::AuthRequest, Asked::AccessKey]
        .into_iter()
        .map(|kind| (kind, Vec::new()))
        .collect();
    warm(&server, &world, Asked::ForwardAuth)?;
    for round in 0..plan.rounds {
        progress.say(&format!("verify, round {} of {}", round + 1, plan.rounds));
        peers.push(measure(&peer, &world, Asked::Baseline, plan.span)?);
        for (kind, rounds) in &mut asked {
            rounds.push(measure(&server, &world, *kind, plan.span)?);
        }
    }
    let mut rows = Vec::new();
    for (kind, rounds) in &asked {
        let wanted = Wanted::AtLeast(0.85);
        rows.push(compared(kind.words(), rounds, BASELINE, &peers, wanted));
    }
    if let Some((_, cookies)) = asked.first() {
        rows.push(waits("p99 of a hit", cookies, BASELINE, &peers, Wanted::AtMost(1.5)));
    }
    rows.extend(beside_sign_ins(plan, &server, &world, progress)?);
    Ok(rows)
}

const BASELINE: &str = "axum, SHA-256, concurrent map";

/// Verify while sign-ins keep the only hashing thread busy.
fn beside_sign_ins(
    plan: &Plan,
    server: &ServerProcess,
    world: &World,
    progress: &Progress,
) -> Result<Vec<Row>> {
    let (mut quiet, mut busy) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        progress.say(&format!("verify beside sign-ins, round {} of {}", round + 1, plan.rounds));
        quiet.push(measure(server, world, Asked::ForwardAuth, plan.span)?);
        let accounts = cycled(&[world.account(0)], SIGN_INS);
        let address = server.address();
        let span = plan.span + Duration::from_millis(300);
        let signing_in = std::thread::spawn(move || sign_in_for(address, &accounts, span));
        busy.push(measure(server, world, Asked::ForwardAuth, plan.span)?);
        let signed_in = signing_in.join().map_err(|_| "the sign-ins panicked")??;
        if signed_in.done < 1.0 {
            return Err("nobody signed in meanwhile".into());
        }
    }
    let ours = Series::new("hits while sign-ins fill the hash queue", "/s", per_second(&busy));
    let theirs = Series::new("hits alone", "/s", per_second(&quiet));
    Ok(vec![
        Row { job: "verify", ours, theirs: Some(theirs), wanted: Wanted::AtLeast(0.5) },
        waits("p99 while sign-ins fill the hash queue", &busy, "p99 alone", &quiet, Wanted::Nothing),
    ])
}

/// Until everything the load asks about is remembered.
fn warm(server: &ServerProcess, world: &World, asked: Asked) -> Result<()> {
    ask_for(server.address(), asked, world, Duration::from_millis(500)).map(drop)
}

/// Until every session is remembered, however long that takes.
pub(crate) fn remember_all(server: &ServerProcess, world: &World) -> Result<()> {
    ask_for(server.address(), Asked::EachOnce, world, PATIENCE).map(drop)
}

pub(crate) fn measure(
    server: &ServerProcess,
    world: &World,
    asked: Asked,
    span: Duration,
) -> Result<Measured> {
    measure_all(&[server], world, asked, span)
}

/// The same of several nodes together.
pub(crate) fn measure_all(
    servers: &[&ServerProcess],
    world: &World,
    asked: Asked,
    span: Duration,
) -> Result<Measured> {
    let used = || servers.iter().map(|server| server.cpu_seconds()).sum::<Result<f64>>();
    let addresses: Vec<_> = servers.iter().map(|server| server.address()).collect();
    let before = used()?;
    let mut measured = ask_all(&addresses, asked, world, span)?;
    measured.rate.cpu_seconds = used()? - before;
    Ok(measured)
}

fn per_second(rounds: &[Measured]) -> Vec<f64> {
    rounds.iter().map(|round| round.rate.per_second).collect()
}

fn compared(what: &str, ours: &[Measured], name: &str, theirs: &[Measured], wanted: Wanted) -> Row {
    let series = |name: &str, rounds: &[Measured]| {
        Series::new(name, "/CPU-s", rounds.iter().map(|round| round.rate.per_cpu_second()).collect())
    };
    Row { job: "verify", ours: series(what, ours), theirs: Some(series(name, theirs)), wanted }
}

fn waits(what: &str, ours: &[Measured], name: &str, theirs: &[Measured], wanted: Wanted) -> Row {
    let series = |name: &str, rounds: &[Measured]| {
        Series::new(name, "ms", rounds.iter().map(|round| round.p99.as_secs_f64() * 1e3).collect())
    };
    Row { job: "verify", ours: series(what, ours), theirs: Some(series(name, theirs)), wanted }
}
