//! Comparing a plan with what is stored. Nothing is written and nothing is made up here, so that comparing again inside
//! the write gives the same answer, or shows that somebody changed something meanwhile.

mod application;
mod door;
mod key;
mod person;
mod region;
mod tenant;
mod terms;

use super::outcome::{Change, Generated, Problem};
use super::plan::Plan;
use super::prepared::Prepared;
use super::step::{Said, Step};
use super::world::World;
use doorward_store::{Error, HouseTx};

/// Everything that differs, and everything that is wrong.
pub(super) struct Difference {
    pub(super) steps: Vec<Said>,
    pub(super) problems: Vec<Problem>,
    pub(super) generated: Vec<Generated>,
}

impl Difference {
    /// Regions and tenants come first, because everything else refers to them.
    pub(super) fn find(tx: &mut HouseTx<'_>, plan: &Plan, prepared: &Prepared) -> Result<Self, Error> {
        let mut world = World::new(tx);
        let mut out = Output { steps: Vec::new(), generated: Vec::new() };
        region::compare(&mut world, plan, prepared, &mut out)?;
        tenant::compare(&mut world, plan, prepared, &mut out)?;
        door::compare(&mut world, plan, prepared, &mut out)?;
        application::compare(&mut world, plan, prepared, &mut out)?;
        person::compare(&mut world, plan, prepared, &mut out)?;
        key::compare(&mut world, plan, prepared, &mut out)?;
        terms::compare(&mut world, plan, prepared, &mut out)?;
        let problems = world.problems;
        Ok(Self { steps: out.steps, problems, generated: out.generated })
    }

    /// The changes in words.
    pub(super) fn changes(&self) -> Vec<Change> {
        self.steps.iter().filter_map(|said| said.change.clone()).collect()
    }
}

/// What the comparisons of one kind add to.
struct Output {
    steps: Vec<Said>,
    generated: Vec<Generated>,
}

impl Output {
    fn step(&mut self, step: Step, change: Change) {
        self.steps.push(Said { step, change: Some(change) });
    }

    /// A step that belongs to the change said before it.
    fn silently(&mut self, step: Step) {
        self.steps.push(Said { step, change: None });
    }
}

fn quoted(text: &Option<String>) -> String {
    text.as_deref().map_or("nothing".to_owned(), |text| format!("{text:?}"))
}

fn yes(flag: &bool) -> String {
    (if *flag { "yes" } else { "no" }).to_owned()
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}
