//! Signed assertions: what they cost an answer, and what keeping them takes.

use super::load::{Asked, ask_for};
use super::world::{Assertions, World};
use super::{FEW, USUAL_MEMORY, compared, measure, warm};
use crate::Result;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::table::{Row, Series, Wanted};
use std::path::Path;
use std::time::Duration;

/// Sessions whose assertions fit into what is kept of them.
const SEVERAL: u64 = 20_000;
/// The longest a walk through all of them may take.
const PATIENCE: Duration = Duration::from_secs(60);

const SIGNED: &str = "doorward_assertions_signed_total";
const KEPT: &str = "doorward_assertions_kept";

/// Measures them.
pub(super) fn run(plan: &Plan, binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    let mut rows = beside_none(plan, binary, directory, progress)?;
    rows.extend(kept(binary, directory, progress)?);
    Ok(rows)
}

/// Answers with assertions against answers without, about the same sessions.
fn beside_none(plan: &Plan, binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    let (signed, plain) = (World::make(directory, FEW)?, World::make(directory, FEW)?);
    let with = signed.serve(binary, USUAL_MEMORY, Assertions::On)?;
    let without = plain.serve(binary, USUAL_MEMORY, Assertions::Off)?;
    warm(&with, &signed, Asked::ForwardAuth)?;
    warm(&without, &plain, Asked::ForwardAuth)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        progress.say(&format!("verify with assertions, round {} of {}", round + 1, plan.rounds));
        ours.push(measure(&with, &signed, Asked::ForwardAuth, plan.span)?);
        theirs.push(measure(&without, &plain, Asked::ForwardAuth, plan.span)?);
    }
    let wanted = Wanted::AtLeast(0.85);
    Ok(vec![compared("hits with assertions", &ours, "hits without", &theirs, wanted)])
}

/// Each session asked about once, so that each gets an assertion of its own.
fn kept(binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    progress.say("verify: keeping twenty thousand assertions");
    let (signed, plain) = (World::make(directory, SEVERAL)?, World::make(directory, SEVERAL)?);
    let with = signed.serve(binary, USUAL_MEMORY, Assertions::On)?;
    let without = plain.serve(binary, USUAL_MEMORY, Assertions::Off)?;
    let (before_with, before_without) = (with.resident_mb()?, without.resident_mb()?);
    let used = with.cpu_seconds()?;
    let asked = ask_for(with.address(), Asked::EachOnce, &signed, PATIENCE)?;
    let cpu = with.cpu_seconds()? - used;
    ask_for(without.address(), Asked::EachOnce, &plain, PATIENCE)?;
    let more = with.resident_mb()? - before_with - (without.resident_mb()? - before_without);
    let (signatures, entries) = (with.figure(SIGNED)?, with.figure(KEPT)?);
    let seconds = asked.rate.done / asked.rate.per_second;
    let row = |what: &str, unit, figure| Row {
        job: "verify",
        ours: Series::new(what, unit, vec![figure]),
        theirs: None,
        wanted: Wanted::Nothing,
    };
    Ok(vec![
        row("memory of a kept assertion, beside its session", "bytes", more * 1e6 / entries),
        row("first answers about a session, each read and signed", "signatures/s", signatures / seconds),
        row("the same", "signatures/CPU-s", signatures / cpu),
    ])
}
