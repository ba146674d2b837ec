//! Reads keys one by one from environment, file or default, and remembers each with its origin.
//!
//! A section asks for its keys through [`Section`]; a wrong value is noted and the default stands in, so that one
//! run finds every mistake. What was asked for is what exists: [`Reader::finish`] refuses all other keys.

use super::environment::{Environment, variable_of};
use super::file::ConfigFile;
use super::problem::{ConfigError, Place, Problem};
use super::raw::Raw;
use super::unknown;
use super::value::Value;
use doorward_model::Secret;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// One key as it was read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The section's dotted name.
    pub section: &'static str,
    /// The section's explanation.
    pub section_doc: &'static str,
    /// The key inside its section.
    pub key: String,
    /// What it means.
    pub doc: String,
    /// The effective value as TOML; `None` if it has none. A secret's value is replaced by a word (P16).
    pub value: Option<String>,
    /// The default as TOML, or an example where there is no default.
    pub example: String,
    /// Where the value came from.
    pub origin: Origin,
}

impl Entry {
    /// The dotted key.
    pub fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Doorward's own default.
    Default,
    /// The file or a variable.
    Given(Place),
}

/// What the sections read from.
pub(super) struct Reader<'a> {
    file: Option<&'a ConfigFile>,
    environment: &'a Environment,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: Option<&'a ConfigFile>, environment: &'a Environment) -> Self {
        Self { file, environment, entries: Vec::new(), problems: Vec::new() }
    }

    /// Begins a section.
    pub(super) fn section(&mut self, name: &'static str, doc: &'static str) -> Section<'_, 'a> {
        Section { reader: self, name, doc }
    }

    /// Every key that was read, or everything that is wrong, in the order of the file.
    pub(super) fn finish(mut self) -> Result<Vec<Entry>, ConfigError> {
        let unknown = unknown::keys(self.file, self.environment, &self.entries);
        self.problems.extend(unknown);
        if self.problems.is_empty() {
            return Ok(self.entries);
        }
        self.problems.sort_by_key(|problem| match &problem.place {
            Place::Line { line, column, .. } => (*line, *column),
            Place::File(_) | Place::Environment(_) | Place::Configuration => (usize::MAX, 0),
        });
        Err(ConfigError { problems: self.problems })
    }

    /// What was written for a key, the environment before the file, and where.
    fn written(&self, name: &str) -> Option<(Raw, Place)> {
        let variable = variable_of(name);
        if let Some(text) = self.environment.get(&variable) {
            return Some((Raw::Variable(text.to_owned()), Place::Environment(variable)));
        }
        let found = self.file?.get(name)?;
        Some((found.raw.clone(), found.value_at.clone()))
    }

    fn refuse(&mut self, place: Place, name: String, message: String) {
        self.problems.push(Problem { place, key: Some(name), message });
    }
}

/// One section while it is being read.
pub(super) struct Section<'r, 'a> {
    reader: &'r mut Reader<'a>,
    name: &'static str,
    doc: &'static str,
}

impl Section<'_, '_> {
    /// A key with a default.
    pub(super) fn value<T: Value>(&mut self, key: &str, default: T, doc: &str) -> T {
        self.checked(key, default, |_| Ok(()), doc)
    }

    /// A key with a default and bounds, both included.
    pub(super) fn within<T>(&mut self, key: &str, default: T, bounds: RangeInclusive<T>, doc: &str) -> T
    where
        T: Value + PartialOrd,
    {
        let expected = format!("expected {} to {}", bounds.start().show(), bounds.end().show());
        let check = |value: &T| if bounds.contains(value) { Ok(()) } else { Err(expected.clone()) };
        self.checked(key, default, check, doc)
    }

    /// A key with a default and a rule of its own; the rule's error says what was expected.
    pub(super) fn checked<T: Value>(
        &mut self,
        key: &str,
        default: T,
        check: impl Fn(&T) -> Result<(), String>,
        doc: &str,
    ) -> T {
        let example = default.show();
        let written = self.typed::<T>(key).filter(|(value, place)| match check(value) {
            Ok(()) => true,
            Err(expected) => {
                let message = format!("{expected}, found {}", value.show());
                self.reader.refuse(place.clone(), format!("{}.{key}", self.name), message);
                false
            }
        });
        let (value, origin) =
            written.map_or((default, Origin::Default), |(value, place)| (value, Origin::Given(place)));
        self.enter(key, doc, Some(value.show()), example, origin);
        value
    }

    /// A key that may be absent.
    pub(super) fn optional<T: Value>(&mut self, key: &str, example: &str, doc: &str) -> Option<T> {
        let (value, origin) = match self.typed::<T>(key) {
            Some((value, place)) => (Some(value), Origin::Given(place)),
            None => (None, Origin::Default),
        };
        self.enter(key, doc, value.as_ref().map(T::show), example.to_owned(), origin);
        value
    }

    /// A secret: `<key>`, or the contents of the file that `<key>_file` names. The environment's pair goes before
    /// the file's; of one pair only one may be given.
    pub(super) fn secret(&mut self, key: &str, doc: &str) -> Option<Secret> {
        self.secret_like(key, "\"…\"", doc)
    }

    /// The same where the example shows a form that the secret must have.
    pub(super) fn secret_like(&mut self, key: &str, example: &str, doc: &str) -> Option<Secret> {
        let file_key = format!("{key}_file");
        let direct = self.secret_text(key);
        let by_file = self.typed::<PathBuf>(&file_key);
        let file_doc = "The same, read from this file (a final line break does not count).";
        let shown = |given: &Option<(String, Place)>| given.as_ref().map(|_| "(hidden)".to_owned());
        self.enter(key, doc, shown(&direct), example.to_owned(), origin_of(&direct));
        let path = by_file.as_ref().map(|(path, _)| path.show());
        self.enter(&file_key, file_doc, path, "\"/run/secrets/doorward\"".to_owned(), origin_of(&by_file));
        match (direct, by_file) {
            (Some((_, Place::Line { .. })), Some((path, place @ Place::Environment(_))))
            | (None, Some((path, place))) => self.secret_file(&file_key, &path, place),
            (Some((text, Place::Environment(_))), Some((_, Place::Line { .. })))
            | (Some((text, _)), None) => Some(Secret::new(text)),
            (Some(_), Some((_, place))) => {
                let message = format!("give either {key} or {file_key}, not both");
                self.reader.refuse(place, format!("{}.{file_key}", self.name), message);
                None
            }
            (None, None) => None,
        }
    }

    /// Whether the environment or the file gives any key of this section.
    pub(super) fn is_given(&self) -> bool {
        let prefix = format!("{}.", self.name);
        let in_file =
            self.reader.file.is_some_and(|file| file.values().any(|(name, _)| name.starts_with(&prefix)));
        let variable = variable_of(&prefix);
        in_file || self.reader.environment.keys().any(|name| name.starts_with(&variable))
    }

    /// Whether nobody wrote this key. A wrong value was written, and complained of.
    pub(super) fn lacks(&self, key: &str) -> bool {
        self.reader.written(&format!("{}.{key}", self.name)).is_none()
    }

    /// Notes that a key does not fit with the others.
    pub(super) fn refuse(&mut self, key: &str, message: impl Into<String>) {
        let name = format!("{}.{key}", self.name);
        let place = self.reader.written(&name).map_or(Place::Configuration, |(_, place)| place);
        self.reader.refuse(place, name, message.into());
    }

    fn typed<T: Value>(&mut self, key: &str) -> Option<(T, Place)> {
        let name = format!("{}.{key}", self.name);
        let (raw, place) = self.reader.written(&name)?;
        let value = T::read(&raw);
        if value.is_none() {
            let message = format!("expected {}, found {}", T::expected(), raw.found());
            self.reader.refuse(place.clone(), name, message);
        }
        value.map(|value| (value, place))
    }

    /// A wrong value of a secret is not quoted: it may well be the secret, only without its quotes (P16).
    fn secret_text(&mut self, key: &str) -> Option<(String, Place)> {
        let name = format!("{}.{key}", self.name);
        let (raw, place) = self.reader.written(&name)?;
        let text = raw.text().map(|text| (text.to_owned(), place.clone()));
        if text.is_none() {
            self.reader.refuse(place, name, "expected a text in quotes".to_owned());
        }
        text
    }

    fn secret_file(&mut self, key: &str, path: &Path, place: Place) -> Option<Secret> {
        match std::fs::read_to_string(path) {
            Ok(text) => Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
            Err(error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                self.reader.refuse(place, format!("{}.{key}", self.name), message);
                None
            }
        }
    }

    fn enter(&mut self, key: &str, doc: &str, value: Option<String>, example: String, origin: Origin) {
        self.reader.entries.push(Entry {
            section: self.name,
            section_doc: self.doc,
            key: key.to_owned(),
            doc: doc.to_owned(),
            value,
            example,
            origin,
        });
    }
}

fn origin_of<T>(given: &Option<(T, Place)>) -> Origin {
    given.as_ref().map_or(Origin::Default, |(_, place)| Origin::Given(place.clone()))
}
