//! One hash on one thread: our compression function and memory that is kept, each for itself.

use crate::Result;
use crate::hashing::{self, Loop};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::rate::Rate;
use crate::table::{Row, Series, Wanted};
use doorward_crypto::password::Engine;

/// Measures the three ways in turns.
pub(crate) fn run(plan: &Plan, progress: &Progress) -> Result<Vec<Row>> {
    let ways = [Loop::Raw(Engine::fastest()), Loop::Raw(Engine::plain()), Loop::Plain];
    let mut rates = [const { Vec::new() }; 3];
    for round in 0..plan.rounds {
        progress.say(&format!("hash, round {} of {}", round + 1, plan.rounds));
        for (way, rates) in ways.iter().zip(&mut rates) {
            // Half a span: a loop on one thread is steady.
            rates.push(hashing::measure(*way, 1, plan.span / 2)?);
        }
    }
    let [ours, kept, fresh] = rates;
    Ok(vec![
        row(&ours, "`argon2` crate, memory kept", &kept, Wanted::Nothing),
        row(&ours, "`argon2` crate, fresh memory", &fresh, Wanted::AtLeast(2.0)),
    ])
}

fn row(ours: &[Rate], name: &str, theirs: &[Rate], wanted: Wanted) -> Row {
    let series = |name: &str, rates: &[Rate]| {
        Series::new(name, "/CPU-s", rates.iter().map(Rate::per_cpu_second).collect())
    };
    Row {
        job: "hash",
        ours: series(if Engine::fastest().is_fast() { "AVX2" } else { "no AVX2 here" }, ours),
        theirs: Some(series(name, theirs)),
        wanted,
    }
}
