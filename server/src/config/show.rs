//! The effective configuration for a person to read: every value, and where it came from; secrets hidden (P16).

use super::Loaded;
use super::reader::{Entry, Origin};
use std::fmt::Write as _;

/// The effective configuration as TOML with the origin of each value behind it.
pub fn show(loaded: &Loaded) -> String {
    let mut text = String::new();
    let mut section = "";
    for entry in &loaded.entries {
        if entry.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            section = entry.section;
            let _written_to_memory = writeln!(text, "{gap}[{section}]");
        }
        text.push_str(&line(entry));
    }
    text
}

fn line(entry: &Entry) -> String {
    let origin = match &entry.origin {
        Origin::Default => "default".to_owned(),
        Origin::Given(place) => place.to_string(),
    };
    match &entry.value {
        Some(value) => format!("{} = {value}  # {origin}\n", entry.key),
        None => format!("# {} is not set\n", entry.key),
    }
}
