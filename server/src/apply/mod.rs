//! The file of `doorward apply`: what an installation should contain, in TOML.
//!
//! Owns reading the file into a plan, with line and column for every mistake, and telling what came of it. Comparing
//! and writing are `doorward_core::provision`'s. One file per table here; start with [`File::read`].

mod application;
mod door;
mod entry;
mod field;
mod key;
mod person;
mod region;
mod report;
mod tenant;
mod terms;

pub(crate) use field::{read_moment, read_rate};
pub use report::Report;

use crate::config::{ConfigError, Lines, Place, Problem, closest};
use doorward_core::provision::{Noun, Plan, Problem as PlanProblem};
use entry::Entry;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// An apply file is written by people; more than this is an import, which has a way of its own.
pub const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// A file that means something.
pub struct File {
    /// What it asks for.
    pub plan: Plan,
    located: BTreeMap<(Noun, usize), Located>,
}

/// Where an entry and its fields stand.
struct Located {
    head: Place,
    fields: BTreeMap<&'static str, Place>,
}

impl File {
    /// Reads a text; `name` stands for the file in messages. Everything that is wrong is reported at once.
    pub fn read(name: &str, text: &str) -> Result<Self, ConfigError> {
        let lines = Lines { name, text };
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let problems = errors.iter().map(|error| lines.syntax_problem(error)).collect();
            return Err(ConfigError { problems });
        }
        let mut reading =
            Reading { lines: &lines, root: table.get_ref(), located: BTreeMap::new(), problems: Vec::new() };
        let plan = Plan {
            regions: reading.entries(Noun::Region, region::read),
            tenants: reading.entries(Noun::Tenant, tenant::read),
            doors: reading.entries(Noun::Door, door::read),
            applications: reading.entries(Noun::Application, application::read),
            people: reading.entries(Noun::Person, person::read),
            keys: reading.entries(Noun::Key, key::read),
            terms: reading.entries(Noun::Terms, terms::read),
        };
        reading.refuse_unknown_tables();
        let Reading { located, problems, .. } = reading;
        if problems.is_empty() { Ok(Self { plan, located }) } else { Err(sorted(problems)) }
    }

    /// Finds the lines of what the core said about entries.
    pub fn locate(&self, said: &[PlanProblem]) -> ConfigError {
        let problems = said.iter().map(|problem| {
            let located = self.located.get(&(problem.noun, problem.index));
            let place = located.map(|it| it.fields.get(problem.field).unwrap_or(&it.head).clone());
            let suggestion = problem
                .message
                .rsplit(' ')
                .next()
                .and_then(|wrong| closest(wrong, problem.known.iter().map(String::as_str)));
            let message = match suggestion {
                Some(name) => format!("{}; did you mean {name}?", problem.message),
                None => problem.message.clone(),
            };
            Problem {
                place: place.unwrap_or(Place::Configuration),
                key: Some(format!("{}.{}", problem.noun.as_str(), problem.field)),
                message,
            }
        });
        sorted(problems.collect())
    }
}

/// A file while it is read.
struct Reading<'a> {
    lines: &'a Lines<'a>,
    root: &'a DeTable<'a>,
    located: BTreeMap<(Noun, usize), Located>,
    problems: Vec<Problem>,
}

const NOUNS: [Noun; 7] =
    [Noun::Region, Noun::Tenant, Noun::Door, Noun::Application, Noun::Person, Noun::Key, Noun::Terms];

impl Reading<'_> {
    /// Every `[[noun]]`.
    fn entries<T>(&mut self, noun: Noun, read: impl Fn(&mut Entry<'_>) -> Option<T>) -> Vec<T> {
        let Some((key, value)) = self.root.iter().find(|(key, _)| key.get_ref() == noun.as_str()) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("expected entries that begin with [[{}]]", noun.as_str());
            self.refuse(self.lines.place(key.span()), noun.as_str(), message);
            return Vec::new();
        };
        let mut plans = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let head = self.lines.place(item.span());
            let DeValue::Table(table) = item.get_ref() else {
                self.refuse(head, noun.as_str(), format!("expected [[{}]]", noun.as_str()));
                continue;
            };
            let mut entry = Entry::new(noun.as_str().to_owned(), table, head.clone(), self.lines);
            plans.extend(read(&mut entry));
            let (fields, problems) = entry.finish();
            self.problems.extend(problems);
            self.located.insert((noun, index), Located { head, fields });
        }
        plans
    }

    fn refuse_unknown_tables(&mut self) {
        for (key, _) in self.root {
            let name: &str = key.get_ref();
            if NOUNS.iter().any(|noun| noun.as_str() == name) {
                continue;
            }
            let known: Vec<&str> = NOUNS.iter().map(|noun| noun.as_str()).collect();
            let message = match closest(name, known.iter().copied()) {
                Some(likely) => format!("unknown table; did you mean [[{likely}]]?"),
                None => format!("unknown table; there are {}", known.join(", ")),
            };
            self.refuse(self.lines.place(key.span()), name, message);
        }
    }

    fn refuse(&mut self, place: Place, name: &str, message: String) {
        self.problems.push(Problem { place, key: Some(name.to_owned()), message });
    }
}

/// In the order of the file.
fn sorted(mut problems: Vec<Problem>) -> ConfigError {
    problems.sort_by_key(|problem| match &problem.place {
        Place::Line { line, column, .. } => (*line, *column),
        Place::File(_) | Place::Environment(_) | Place::Configuration => (usize::MAX, 0),
    });
    ConfigError { problems }
}
