//! The rules: each says what breaks it, what to do instead, and has an example that it refuses and no other rule does.

mod constructs;
mod indices;
mod pools;
mod queries;
mod server;
mod state;
mod tables;
mod values;

use crate::profile::{
    parsed::{self, Parsed},
    read::{Complaint, Origin, Text},
    schema::Schema,
};

/// A rule of the profile.
pub(super) struct Rule {
    pub(super) name: &'static str,
    /// What to do instead, and why.
    pub(super) remedy: &'static str,
    /// What is found that breaks it.
    pub(super) breaks: fn(&Case<'_>) -> Vec<String>,
    /// PostgreSQL that it refuses.
    pub(super) examples: &'static [(Origin, &'static str)],
}

/// A statement under a rule's eyes.
pub(super) struct Case<'a> {
    pub(super) origin: Origin,
    pub(super) parsed: &'a Parsed,
    /// All statements of the same text.
    pub(super) beside: &'a [Parsed],
    pub(super) schema: &'a Schema,
}

/// All rules but the last, which asks only where none of them did.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    [server::RULES, state::RULES, values::RULES, tables::RULES, indices::RULES, queries::RULES, pools::RULES]
        .into_iter()
        .flatten()
}

/// What no other rule knows.
pub(super) const LAST: &Rule = &constructs::RULE;

/// What a text breaks.
pub(super) fn complaints(text: &Text, schema: &Schema) -> Vec<Complaint> {
    let beside = parsed::statements(text);
    let mut complaints = Vec::new();
    for parsed in &beside {
        let case = Case { origin: text.origin, parsed, beside: &beside, schema };
        let mut broken: Vec<_> = all().flat_map(|rule| broken(rule, &case)).collect();
        if broken.is_empty() {
            broken.extend(self::broken(LAST, &case));
        }
        complaints.extend(broken.into_iter().map(|(rule, found)| Complaint {
            file: text.file.clone(),
            name: parsed.name.clone(),
            rule: rule.name.to_owned(),
            found: format!("{found}, in: {}", parsed.text),
            remedy: rule.remedy.to_owned(),
        }));
    }
    complaints
}

fn broken(rule: &'static Rule, case: &Case<'_>) -> Vec<(&'static Rule, String)> {
    (rule.breaks)(case).into_iter().map(|found| (rule, found)).collect()
}

/// What is found, if it is.
fn found_if(is_found: bool, what: &str) -> Vec<String> {
    if is_found { vec![what.to_owned()] } else { Vec::new() }
}

/// Those that stand in a list.
fn found_in(found: Vec<String>, list: &[&str]) -> Vec<String> {
    found.into_iter().filter(|it| list.contains(&it.as_str())).collect()
}
