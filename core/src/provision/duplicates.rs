//! Entries of one plan that name the same thing.

use super::outcome::{Noun, Problem};
use super::plan::Plan;
use std::collections::BTreeSet;

pub(super) fn find(plan: &Plan) -> Vec<Problem> {
    let mut twice = Twice::default();
    twice.check(Noun::Region, "code", plan.regions.iter().map(|it| Some(it.code.as_str().to_owned())));
    twice.check(Noun::Door, "name", plan.doors.iter().map(|it| Some(it.name.clone())));
    twice.check(Noun::Door, "host", plan.doors.iter().map(|it| Some(it.host.to_string())));
    twice.check(Noun::Tenant, "slug", plan.tenants.iter().map(|it| Some(it.slug.to_string())));
    twice.check(Noun::Tenant, "number", plan.tenants.iter().map(|it| it.number.map(|n| n.to_string())));
    let app_ids = plan.applications.iter().map(|it| it.app_id.as_ref().map(|id| id.as_str().to_owned()));
    twice.check(Noun::Application, "app_id", app_ids);
    let names = plan.applications.iter();
    twice.check(Noun::Application, "name", names.map(|it| Some(format!("{} in {}", it.name, it.tenant))));
    // Two trees may know the same e-mail, so the same person is told by the comparison when tenants differ.
    let people = plan.people.iter().map(|it| {
        let home = it.places.first().map(|place| place.tenant.to_string()).unwrap_or_default();
        Some(format!("{} in {home}", it.email.canonical()))
    });
    twice.check(Noun::Person, "email", people);
    let names = plan.keys.iter().map(|it| it.name.as_ref().map(|name| name.as_str().to_owned()));
    twice.check(Noun::Key, "name", names);
    let labels = plan.keys.iter();
    let label = |it: &super::KeyPlan| format!("{} of {} in {}", it.label, it.person.canonical(), it.tenant);
    twice.check(Noun::Key, "label", labels.map(|it| Some(label(it))));
    let versions = plan.terms.iter();
    twice.check(Noun::Terms, "version", versions.map(|it| Some(format!("{} of {}", it.version, it.tenant))));
    twice.problems
}

#[derive(Default)]
struct Twice {
    problems: Vec<Problem>,
}

impl Twice {
    fn check(&mut self, noun: Noun, field: &'static str, names: impl Iterator<Item = Option<String>>) {
        let mut seen = BTreeSet::new();
        for (index, name) in names.enumerate() {
            let Some(name) = name else { continue };
            if !seen.insert(name.clone()) {
                let message = format!("{name} stands in this file twice");
                self.problems.push(Problem { noun, index, field, message, known: Vec::new() });
            }
        }
    }
}
