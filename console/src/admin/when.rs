//! Moments as people read them: in UTC, because a server does not know where its reader sits.

use doorward_model::Timestamp;
use jiff::tz::TimeZone;

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
