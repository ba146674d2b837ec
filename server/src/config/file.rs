//! The configuration file as a flat list of dotted keys, each with its line and column.

use super::problem::{ConfigError, Place, Problem};
use super::raw::Raw;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// A configuration is a page or two; more is the wrong file.
const LARGEST_FILE: usize = 1024 * 1024;

/// A file that is TOML; whether its keys mean anything is not known yet.
#[derive(Debug)]
pub(super) struct ConfigFile {
    values: BTreeMap<String, Found>,
    tables: BTreeMap<String, Place>,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) raw: Raw,
    pub(super) key_at: Place,
    pub(super) value_at: Place,
}

impl ConfigFile {
    /// Reads a file.
    pub(super) fn open(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let problem = |message: String| {
            ConfigError::from(Problem { place: Place::File(name.clone()), key: None, message })
        };
        let bytes =
            std::fs::read(path).map_err(|error| problem(format!("the file cannot be read: {error}")))?;
        if bytes.len() > LARGEST_FILE {
            return Err(problem("the file is larger than 1 MiB, so it is not a configuration".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            problem(format!("the text is not UTF-8 (at byte {})", error.utf8_error().valid_up_to()))
        })?;
        Self::parse(&name, &text)
    }

    /// Reads a text; every mistake of syntax is reported, not only the first.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, ConfigError> {
        let lines = Lines { name, text };
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let mut file = Self { values: BTreeMap::new(), tables: BTreeMap::new() };
            file.flatten("", table.get_ref(), &lines);
            return Ok(file);
        }
        let problems = errors.iter().map(|error| lines.syntax_problem(error)).collect();
        Err(ConfigError { problems })
    }

    /// The value of a dotted key.
    pub(super) fn get(&self, key: &str) -> Option<&Found> {
        self.values.get(key)
    }

    /// Every dotted key that has a value.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, &Found)> {
        self.values.iter().map(|(key, found)| (key.as_str(), found))
    }

    /// Every table, by its dotted name.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.tables.iter().map(|(name, place)| (name.as_str(), place))
    }

    fn flatten(&mut self, prefix: &str, table: &DeTable<'_>, lines: &Lines<'_>) {
        for (key, value) in table {
            let part = quoted_if_dotted(key.get_ref());
            let path = if prefix.is_empty() { part } else { format!("{prefix}.{part}") };
            let key_at = lines.place(key.span());
            match value.get_ref() {
                DeValue::Table(inner) => {
                    self.flatten(&path, inner, lines);
                    self.tables.insert(path, key_at);
                }
                leaf @ (DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Array(_)) => {
                    let value_at = lines.place(value.span());
                    self.values.insert(path, Found { raw: Raw::from_toml(leaf), key_at, value_at });
                }
            }
        }
    }
}

/// `"mail.smtp" = …` is one key with a dot in it and must not pass for the key `smtp` of `mail`.
fn quoted_if_dotted(part: &str) -> String {
    if part.contains('.') { format!("{part:?}") } else { part.to_owned() }
}

/// Finds lines and columns in a TOML text.
pub(crate) struct Lines<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

impl Lines<'_> {
    /// Where a span begins.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).map_or(0, |text| text.chars().count());
        Place::Line { file: self.name.to_owned(), line: before.matches('\n').count() + 1, column: column + 1 }
    }

    /// A mistake of the TOML itself.
    pub(crate) fn syntax_problem(&self, error: &toml::de::Error) -> Problem {
        let place = error.span().map_or(Place::File(self.name.to_owned()), |span| self.place(span));
        Problem { place, key: None, message: error.message().to_owned() }
    }
}
