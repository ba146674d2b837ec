//! What is wrong with a configuration, and where: one line per mistake, all of them at once.

use std::fmt;
use thiserror::Error;

/// Everything that is wrong; prints one line per problem.
#[derive(Debug, Error)]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.problems.iter().map(Problem::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

/// One mistake, in words that say what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// The dotted key, if it concerns one.
    pub key: Option<String>,
    /// What is wrong and what was expected. Never holds the value of a secret (P16).
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{}: {key}: {}", self.place, self.message),
            None => write!(f, "{}: {}", self.place, self.message),
        }
    }
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the file; line and column count from 1, columns in characters.
    Line {
        /// As it was named.
        file: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The file as a whole.
    File(String),
    /// In this variable.
    Environment(String),
    /// Nowhere yet: a value that is missing.
    Configuration,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::File(file) => f.write_str(file),
            Self::Environment(variable) => write!(f, "environment {variable}"),
            Self::Configuration => f.write_str("configuration"),
        }
    }
}
