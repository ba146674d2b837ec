//! How long an old secret stays good beside its new one: the choices of a form.

use doorward_core::{Error, Result};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The choices: value, words, span.
const CHOICES: [(&str, &str, Duration); 4] = [
    ("none", "Stop at once", Duration::ZERO),
    ("hour", "For an hour", HOUR),
    ("day", "For a day", HOUR.saturating_mul(24)),
    ("month", "For 30 days", HOUR.saturating_mul(24 * 30)),
];

/// For `<option value="{0}">{1}</option>`.
pub(crate) fn choices() -> Vec<(&'static str, &'static str)> {
    CHOICES.iter().map(|(value, label, _)| (*value, *label)).collect()
}

pub(crate) fn parse(value: &str) -> Result<Duration> {
    let found = CHOICES.iter().find(|(known, ..)| *known == value);
    found.map(|(.., span)| *span).ok_or_else(|| Error::invalid("overlap", "choose one of the list"))
}
