//! One table of the file, read key by key. What was asked for is what exists: [`Entry::finish`] refuses other keys.

use super::field::{Field, found};
use crate::config::{Lines, Place, Problem, closest};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// A table while it is read.
pub(super) struct Entry<'a> {
    name: String,
    table: &'a DeTable<'a>,
    head: Place,
    lines: &'a Lines<'a>,
    asked: Vec<&'static str>,
    fields: BTreeMap<&'static str, Place>,
    problems: Vec<Problem>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(name: String, table: &'a DeTable<'a>, head: Place, lines: &'a Lines<'a>) -> Self {
        Self { name, table, head, lines, asked: Vec::new(), fields: BTreeMap::new(), problems: Vec::new() }
    }

    /// A key that must be there.
    pub(super) fn required<T: Field>(&mut self, key: &'static str) -> Option<T> {
        if self.value(key).is_none() {
            self.asked.push(key);
            self.refuse_at(self.head.clone(), key, format!("missing; expected {}", T::expected()));
            return None;
        }
        self.optional(key)
    }

    /// A key that may be there.
    pub(super) fn optional<T: Field>(&mut self, key: &'static str) -> Option<T> {
        self.asked.push(key);
        let (value, place) = self.value(key)?;
        self.fields.insert(key, place.clone());
        let read = T::read(value);
        if read.is_none() {
            // A wrong secret is not quoted: it may well be the secret, only without its quotes (P16).
            let message = match T::SECRET {
                true => format!("expected {}", T::expected()),
                false => format!("expected {}, found {}", T::expected(), found(value)),
            };
            self.refuse_at(place, key, message);
        }
        read
    }

    /// A table inside this one.
    pub(super) fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Entry<'_>) -> T,
    ) -> Option<T> {
        self.asked.push(key);
        let (value, place) = self.value(key)?;
        self.fields.insert(key, place.clone());
        let DeValue::Table(table) = value else {
            self.refuse_at(place, key, format!("expected a table, found {}", found(value)));
            return None;
        };
        Some(self.inner(key, table, place, read))
    }

    /// Tables inside this one.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut Entry<'_>) -> Option<T>,
    ) -> Vec<T> {
        self.asked.push(key);
        let Some((value, place)) = self.value(key) else { return Vec::new() };
        self.fields.insert(key, place.clone());
        let DeValue::Array(items) = value else {
            let message = format!("expected entries that begin with [[{}.{key}]]", self.name);
            self.refuse_at(place, key, message);
            return Vec::new();
        };
        let mut all = Vec::new();
        for item in items.iter() {
            let place = self.lines.place(item.span());
            match item.get_ref() {
                DeValue::Table(table) => all.extend(self.inner(key, table, place, &read)),
                other @ (DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Array(_)) => {
                    self.refuse_at(place, key, format!("expected a table, found {}", found(other)));
                }
            }
        }
        all
    }

    fn inner<T>(
        &mut self,
        key: &str,
        table: &'a DeTable<'a>,
        place: Place,
        read: impl FnOnce(&mut Entry<'_>) -> T,
    ) -> T {
        let mut inner = Entry::new(format!("{}.{key}", self.name), table, place, self.lines);
        let outcome = read(&mut inner);
        let (_, problems) = inner.finish();
        self.problems.extend(problems);
        outcome
    }

    /// Notes that a key does not fit with the others.
    pub(super) fn refuse(&mut self, key: &'static str, message: impl Into<String>) {
        let place = self.fields.get(key).unwrap_or(&self.head).clone();
        self.refuse_at(place, key, message.into());
    }

    /// Where the fields stand, and everything that is wrong.
    pub(super) fn finish(mut self) -> (BTreeMap<&'static str, Place>, Vec<Problem>) {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let message = match closest(name, self.asked.iter().copied()) {
                Some(likely) => format!("unknown key; did you mean {likely}?"),
                None => format!("unknown key; there are {}", self.asked.join(", ")),
            };
            self.refuse_at(self.lines.place(key.span()), name, message);
        }
        (self.fields, self.problems)
    }

    fn value(&self, key: &str) -> Option<(&'a DeValue<'a>, Place)> {
        let (_, value) = self.table.iter().find(|(known, _)| known.get_ref() == key)?;
        Some((value.get_ref(), self.lines.place(value.span())))
    }

    fn refuse_at(&mut self, place: Place, key: &str, message: String) {
        self.problems.push(Problem { place, key: Some(format!("{}.{key}", self.name)), message });
    }
}
