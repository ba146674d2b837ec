//! Moments as people read and name them: in UTC, because a server does not know where its reader sits.

use doorward_core::{Error, Result};
use doorward_model::{Day, Timestamp};
use jiff::tz::TimeZone;
use std::time::Duration;

/// A moment for `<time datetime="{iso}">{shown}</time>`.
pub(crate) struct When {
    pub(crate) iso: String,
    pub(crate) shown: String,
}

/// A moment of the store; those beyond what a calendar holds are shown as such.
pub(crate) fn when(at: Timestamp) -> When {
    let Ok(moment) = jiff::Timestamp::from_microsecond(at.micros()) else {
        return When { iso: String::new(), shown: "never".to_owned() };
    };
    let zoned = moment.to_zoned(TimeZone::UTC);
    When { iso: moment.to_string(), shown: zoned.strftime("%-d %b %Y, %H:%M").to_string() }
}

/// A day as people read it.
pub(crate) fn date(day: Day) -> String {
    day.begins().civil().strftime("%-d %b %Y").to_string()
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A hundred years: whoever means longer means for ever, and leaves it empty.
const MOST_DAYS: u32 = 36_500;

/// The end of so many days from now, as a form asks for it; `None` for nothing typed.
pub(crate) fn expiry(days: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    if days.is_empty() {
        return Ok(None);
    }
    let days: u32 = days.parse().ok().filter(|days| *days <= MOST_DAYS).ok_or_else(|| {
        Error::invalid("days", format!("expected a whole number, {MOST_DAYS} at most, or nothing"))
    })?;
    Ok(Some(now.plus(DAY.saturating_mul(days))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_at_a_glance() {
        let it = when(Timestamp::from_micros(1_795_341_600_123_456));
        assert_eq!(it.shown, "22 Nov 2026, 10:00");
        assert_eq!(it.iso, "2026-11-22T10:00:00.123456Z");
        assert_eq!(when(Timestamp::from_micros(i64::MAX)).shown, "never");
    }
}
