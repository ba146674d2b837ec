//! A million sessions: remembered, and read.

use super::load::{Asked, ask_for};
use super::world::{Assertions, World};
use super::{BASELINE, FEW, USUAL_MEMORY, compared, measure, warm};
use crate::Result;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::server_process::ServerProcess;
use crate::table::{Row, Series, Wanted};
use std::path::Path;
use std::time::Duration;

/// Measures them.
pub(super) fn run(
    plan: &Plan,
    binary: &Path,
    directory: &Path,
    progress: &Progress,
    many: u64,
) -> Result<Vec<Row>> {
    progress.say("verify: making a million sessions");
    let world = World::make(directory, many)?;
    let little = World::make(directory, FEW)?;
    let server = world.serve(binary, "1GiB", Assertions::Off)?;
    let small = little.serve(binary, USUAL_MEMORY, Assertions::Off)?;
    warm(&small, &little, Asked::ForwardAuth)?;
    let before = server.resident_mb()?;
    progress.say("verify: remembering them all");
    ask_for(server.address(), Asked::EachOnce, &world, Duration::from_secs(600))?;
    let held = server.resident_mb()? - before;
    let (mut hits, mut smalls) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        progress.say(&format!("verify, a million sessions, round {} of {}", round + 1, plan.rounds));
        hits.push(measure(&server, &world, Asked::ForwardAuth, plan.span)?);
        smalls.push(measure(&small, &little, Asked::ForwardAuth, plan.span)?);
    }
    drop((server, small));
    // So little is remembered that nearly every question is read.
    let forgetful = world.serve(binary, "64KiB", Assertions::Off)?;
    let peer = ServerProcess::baseline(little.path(), FEW)?;
    let (mut misses, mut peers) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        progress.say(&format!("verify, misses, round {} of {}", round + 1, plan.rounds));
        peers.push(measure(&peer, &little, Asked::Baseline, plan.span)?);
        misses.push(measure(&forgetful, &world, Asked::ForwardAuth, plan.span)?);
    }
    let bytes = held * 1e6 / many as f64;
    Ok(vec![
        compared(
            &format!("hits among {many} sessions"),
            &hits,
            "hits among 1000",
            &smalls,
            Wanted::AtLeast(0.9),
        ),
        compared("misses: read by key", &misses, BASELINE, &peers, Wanted::AtLeast(0.4)),
        Row {
            job: "verify",
            ours: Series::new(
                "memory of a remembered session, its token's 32 bytes apart",
                "bytes",
                vec![bytes - 32.0],
            ),
            theirs: None,
            wanted: Wanted::AtMost(250.0),
        },
    ])
}
