//! How long an old secret stays good beside its new one: the choices of a form.

use doorward_core::{Error, Result};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The choices: value, words, span.
const CHOICES: [(&str, &str, Duration); 4] = [
    ("none", "stops working at once", Duration::ZERO),
    ("hour", "goes on for an hour", HOUR),
    ("day", "goes on for a day", HOUR.saturating_mul(24)),
    ("month", "goes on for 30 days", HOUR.saturating_mul(24 * 30)),
];

/// A choice: its value, its words, and whether it is the one that stands there.
pub(crate) type Choice = (&'static str, &'static str, bool);

/// What is chosen until somebody chooses: long enough to change over, short enough to end.
const USUAL: &str = "day";

/// For the options of a form; `chosen` is what was sent with it, if it was.
pub(crate) fn choices(chosen: Option<&str>) -> Vec<Choice> {
    let chosen = chosen.unwrap_or(USUAL);
    CHOICES.iter().map(|(value, label, _)| (*value, *label, *value == chosen)).collect()
}

pub(crate) fn parse(value: &str) -> Result<Duration> {
    let found = CHOICES.iter().find(|(known, ..)| *known == value);
    found.map(|(.., span)| *span).ok_or_else(|| Error::invalid("overlap", "choose one of the list"))
}
