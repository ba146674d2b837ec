//! Keys and variables that mean nothing, each with the one that was probably meant.

use super::environment::{Environment, variable_of, with_too_few_underscores};
use super::file::ConfigFile;
use super::problem::{Place, Problem};
use super::reader::Entry;
use doorward_core::closest;

/// A problem for every key and variable that no section asked for.
pub(super) fn keys(file: Option<&ConfigFile>, environment: &Environment, known: &[Entry]) -> Vec<Problem> {
    let names: Vec<String> = known.iter().map(Entry::name).collect();
    let mut problems = Vec::new();
    if let Some(file) = file {
        in_file(file, &names, known, &mut problems);
    }
    in_environment(environment, &names, &mut problems);
    problems
}

fn in_file(file: &ConfigFile, names: &[String], known: &[Entry], problems: &mut Vec<Problem>) {
    let sections = sections(known);
    let unknown: Vec<&str> =
        file.tables().map(|(name, _)| name).filter(|name| !holds(&sections, name)).collect();
    // Of an unknown section only its head is reported, not everything in it.
    let is_inside = |name: &str| {
        unknown.iter().any(|table| name.strip_prefix(table).is_some_and(|rest| rest.starts_with('.')))
    };
    for (name, place) in file.tables().filter(|(name, _)| !holds(&sections, name) && !is_inside(name)) {
        let message = if holds(names, name) {
            "expected a value, found a table".to_owned()
        } else {
            with_suggestion("unknown section", closest(name, sections.iter().map(String::as_str)))
        };
        problems.push(problem(place, name, message));
    }
    for (name, found) in file.values().filter(|(name, _)| !holds(names, name) && !is_inside(name)) {
        let message = if holds(&sections, name) {
            format!("expected a section, found {}", found.raw.found())
        } else {
            with_suggestion("unknown key", suggestion(name, names))
        };
        problems.push(problem(&found.key_at, name, message));
    }
}

fn holds(list: &[String], name: &str) -> bool {
    list.iter().any(|item| item == name)
}

fn in_environment(environment: &Environment, names: &[String], problems: &mut Vec<Problem>) {
    let variables: Vec<String> = names.iter().map(|name| variable_of(name)).collect();
    for variable in environment.keys().filter(|name| !variables.iter().any(|known| known == name)) {
        let message =
            with_suggestion("no key has this name", closest(variable, variables.iter().map(String::as_str)));
        problems.push(Problem { place: Place::Environment(variable.to_owned()), key: None, message });
    }
    for variable in environment.others() {
        if let Some(meant) = variables.iter().find(|known| with_too_few_underscores(known) == variable) {
            let message = with_suggestion("no key has this name", Some(meant.clone()));
            problems.push(Problem { place: Place::Environment(variable.to_owned()), key: None, message });
        }
    }
    for variable in environment.unreadable() {
        let message = "the value is not UTF-8".to_owned();
        problems.push(Problem { place: Place::Environment(variable.clone()), key: None, message });
    }
}

/// Every section and every table that holds one.
fn sections(known: &[Entry]) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    for entry in known {
        let mut name = entry.section;
        loop {
            if !sections.iter().any(|section| section == name) {
                sections.push(name.to_owned());
            }
            let Some((parent, _)) = name.rsplit_once('.') else { break };
            name = parent;
        }
    }
    sections
}

/// The likeliest key of the same section; else the same key of another section.
fn suggestion(name: &str, names: &[String]) -> Option<String> {
    let (section, key) = name.rsplit_once('.').unwrap_or(("", name));
    let neighbours = names.iter().filter_map(|known| {
        known.rsplit_once('.').and_then(|(table, key)| (table == section).then_some(key))
    });
    closest(key, neighbours).or_else(|| {
        names.iter().find(|known| known.rsplit_once('.').is_some_and(|(_, known)| known == key)).cloned()
    })
}

fn with_suggestion(what: &str, suggestion: Option<String>) -> String {
    match suggestion {
        Some(name) => format!("{what}; did you mean {name}?"),
        None => format!("{what}; `doorward config example` prints all there are"),
    }
}

fn problem(place: &Place, key: &str, message: String) -> Problem {
    Problem { place: place.clone(), key: Some(key.to_owned()), message }
}
