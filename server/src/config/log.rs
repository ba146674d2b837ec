//! `[log]`: what is logged, and how.

use super::reader::Reader;
use super::value::Words;
use crate::logging;

/// Logs, on standard error.
#[derive(Clone, Debug)]
pub struct Log {
    /// For machines or for people.
    pub format: LogFormat,
    /// A level, or levels by target.
    pub level: String,
}

/// For machines or for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// One readable line per event.
    Human,
}

impl Words for LogFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("human", Self::Human), ("json", Self::Json)];
}

impl Log {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("log", "Logs go to standard error and never hold a secret.");
        Self {
            format: section.value("format", LogFormat::Human, "\"human\", or \"json\" for machines."),
            level: section.checked(
                "level",
                "info".to_owned(),
                |level| logging::filter(level).map(drop).map_err(|error| error.to_string()),
                "\"error\", \"warn\", \"info\", \"debug\" or \"trace\", also by part: \"info,doorward_core=debug\".",
            ),
        }
    }
}
