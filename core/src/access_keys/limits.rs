//! What a key may be told, with the reasons.

use crate::{Error, Result};
use doorward_model::{RateLimit, Timestamp};
use std::time::Duration;

/// Keys of one person. More than anybody can tell apart, few enough that nobody fills the database (P23).
pub const KEYS_PER_PERSON: usize = 100;

/// Characters of a label: a line in a list.
pub const LABEL_CHARS: usize = 100;

/// Two secrets are good for one key at most this long: a rotation that takes longer was forgotten.
pub const LONGEST_OVERLAP: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Calls of one window. Each moment is kept (8 bytes), so this bounds what a key holds in memory to 80 KB.
pub const MOST_CALLS: u32 = 10_000;

/// The longest window: whoever waits longer wants a quota, not a rate.
pub const LONGEST_WINDOW: Duration = Duration::from_secs(60 * 60);

/// The label without surrounding blanks.
pub(crate) fn label(text: &str) -> Result<String> {
    let text = text.trim();
    let is_line =
        !text.is_empty() && text.chars().count() <= LABEL_CHARS && !text.chars().any(char::is_control);
    if is_line {
        Ok(text.to_owned())
    } else {
        Err(Error::invalid("label", format!("expected a line of 1 to {LABEL_CHARS} characters")))
    }
}

/// Whole seconds, because that is what refused callers are told (seed: "25 in 5 second(s)").
pub(crate) fn rate(rate: Option<RateLimit>) -> Result<()> {
    let Some(RateLimit { calls, window }) = rate else { return Ok(()) };
    if !(1..=MOST_CALLS).contains(&calls) {
        return Err(Error::invalid("rate", format!("expected 1 to {MOST_CALLS} calls")));
    }
    let is_window = window.subsec_nanos() == 0 && (1..=LONGEST_WINDOW.as_secs()).contains(&window.as_secs());
    if is_window {
        Ok(())
    } else {
        Err(Error::invalid("rate", "expected a window of 1 to 3600 whole seconds"))
    }
}

pub(crate) fn expiry(expires_at: Option<Timestamp>, now: Timestamp) -> Result<()> {
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("expires_at", "must be in the future"));
    }
    Ok(())
}

pub(super) fn overlap(overlap: Duration) -> Result<()> {
    let days = LONGEST_OVERLAP.as_secs() / (24 * 60 * 60);
    if overlap > LONGEST_OVERLAP {
        return Err(Error::invalid("overlap", format!("expected at most {days} days")));
    }
    Ok(())
}
