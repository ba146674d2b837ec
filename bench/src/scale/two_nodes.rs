//! Two nodes on these cores, against one on all of them, under the same load: what it costs that each has its own memory,
//! connections and threads. More cores than these are another machine's, and add what they add.

use super::{Bench, rates};
use crate::Result;
use crate::table::{Row, Wanted};
use crate::verify::load::Asked;
use crate::verify::world::World;
use crate::verify::{measure, measure_all, remember_all};

/// Live sessions, remembered by every node.
const SESSIONS: u64 = 1_000;

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    bench.progress.say("scale: starting two nodes");
    let world = World::on_postgres(bench.directory, bench.server.empty("two_nodes"), SESSIONS, 1)?;
    let (one, two) = (world.node(bench.binary, &[])?, world.node(bench.binary, &[])?);
    let both = [&one.server, &two.server];
    for server in both {
        remember_all(server, &world)?;
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..bench.plan.rounds {
        bench.say_round("two nodes", round);
        let ask_one = || measure(&one.server, &world, Asked::ForwardAuth, bench.plan.span);
        if round % 2 == 1 {
            theirs.push(ask_one()?);
        }
        ours.push(measure_all(&both, &world, Asked::ForwardAuth, bench.plan.span)?);
        if round % 2 == 0 {
            theirs.push(ask_one()?);
        }
    }
    let wanted = Wanted::AtLeast(0.95);
    Ok(rates("verify hits at two nodes together", &ours, "at one", &theirs, wanted).into())
}
