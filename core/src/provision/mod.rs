//! Bringing an installation to what a plan says: compared, told in words, and written in one transaction or not at all.
//!
//! `plan.rs` is what may be wished for, `compare/` finds what differs, `step.rs` writes it, `outcome.rs` is what the
//! operator is told. Reading the file a plan stands in is the command line's. Start with [`apply`].

mod compare;
mod duplicates;
mod invite;
mod outcome;
mod passwords;
mod plan;
mod prepared;
mod step;
mod world;

pub use outcome::{Applied, Change, Generated, Mark, Noun, Problem};
pub use plan::{
    ApplicationPlan, DoorPlan, KeyPlan, KeyWish, PasswordWish, PersonPlan, PlacePlan, Plan, RegionPlan,
    TenantPlan, TermsPlan,
};

use crate::installation::taken;
use crate::{Actor, Caller, Core, Error, Result};
use compare::Difference;
use doorward_model::Event;
use doorward_store::{HouseTx, events};
use passwords::Hashes;
use prepared::Prepared;
use std::sync::Arc;
use step::{Means, Said};

/// Whether anything is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Say what would change.
    DryRun,
    /// Change it.
    Write,
}

/// Brings the installation to what the plan says; a second time there is nothing to change.
///
/// Everything that is wrong with the plan comes back at once, and then nothing was written. Errors:
/// [`Error::NotAllowed`] for anybody but the operator, [`Error::Conflict`] when somebody changed the same things at
/// the same time.
pub async fn apply(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    plan: Plan,
    mode: Mode,
) -> Result<Result<Applied, Vec<Problem>>> {
    if !actor.is_operator() {
        return Err(Error::NotAllowed);
    }
    let mut prepared = Prepared::new(core, &plan)?;
    let plan = Arc::new(plan);
    passwords::recognise(core, &plan, &mut prepared).await?;
    let prepared = Arc::new(prepared);
    let (wish, ready) = (Arc::clone(&plan), Arc::clone(&prepared));
    let found = core.db().read_house(move |tx| Difference::find(tx, &wish, &ready)).await?;
    let problems: Vec<Problem> = duplicates::find(&plan).into_iter().chain(found.problems.clone()).collect();
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let changes = found.changes();
    if mode == Mode::DryRun || found.steps.is_empty() {
        return Ok(Ok(Applied { changes, generated: Vec::new() }));
    }
    let generated = found.generated.clone();
    write(core, caller, actor, plan, prepared, found).await?;
    core.load_doors().await?;
    Ok(Ok(Applied { changes, generated }))
}

async fn write(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    plan: Arc<Plan>,
    prepared: Arc<Prepared>,
    found: Difference,
) -> Result<()> {
    let hashes = Hashes::compute(core, &plan, &prepared, &found.steps).await?;
    let told = found.steps.iter().map(|said| event(core, caller, actor, &prepared, said));
    let told = told.collect::<Result<Vec<Event>>>()?;
    let (core_, caller) = (core.clone(), caller.clone());
    let written = core.db().write_house(move |tx| {
        let means = Means { core: &core_, caller: &caller, prepared: &prepared, hashes: &hashes };
        // Compared again where nobody can come between: what was read may have changed while passwords were hashed.
        let now = Difference::find(tx, &plan, &prepared)?;
        if now.steps != found.steps || !now.problems.is_empty() {
            let problem = "something was changed at the same time; nothing was applied, try again";
            return Ok(Err(Error::conflict("plan", problem)));
        }
        write_steps(tx, &means, &found.steps, &told)?;
        Ok(Ok(()))
    });
    written.await.map_err(|fault| taken(fault, "plan", "two entries want the same name"))?
}

fn write_steps(
    tx: &mut HouseTx<'_>,
    means: &Means<'_>,
    steps: &[Said],
    told: &[Event],
) -> Result<(), doorward_store::Error> {
    for said in steps {
        said.step.write(tx, means)?;
    }
    for event in told {
        events::insert(tx, event)?;
    }
    Ok(())
}

fn event(core: &Core, caller: &Caller, actor: &Actor, prepared: &Prepared, said: &Said) -> Result<Event> {
    let (kind, at, person) = said.step.about();
    Ok(Event {
        pool: at.map(|(pool, _)| pool),
        tenant: at.map(|(_, tenant)| tenant),
        person,
        actor: Some(actor.name()),
        detail: said.change.as_ref().map(|change| match change.details.as_slice() {
            [] => change.name.clone(),
            details => format!("{}: {}", change.name, details.join(", ")),
        }),
        ..core.event(caller, kind, prepared.now)?
    })
}
