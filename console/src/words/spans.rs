//! How long to wait, in words; and moments as a reader of the language writes them.

use super::{Words, fill};
use doorward_core::zone;
use doorward_model::{Language, Timestamp};
use jiff::tz::TimeZone;
use std::time::Duration;

/// A span to wait, rounded up: `30 seconds`, `2 minutes`.
pub(crate) fn wait(words: &Words, span: Duration) -> String {
    let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    let (text, count) = match (seconds, seconds.div_ceil(60), seconds.div_ceil(3600)) {
        (0..=1, _, _) => (words.time.second, 1),
        (2..60, _, _) => (words.time.seconds, seconds),
        (_, 1, _) => (words.time.minute, 1),
        (_, 2..=90, _) => (words.time.minutes, seconds.div_ceil(60)),
        (_, _, 1) => (words.time.hour, 1),
        (_, _, hours) => (words.time.hours, hours),
    };
    fill(text, &[("count", &count.to_string())])
}

/// A day in UTC, as whoever set it typed it.
pub(crate) fn day(lang: Language, at: Timestamp) -> String {
    let whole = moment(lang, &TimeZone::UTC, at);
    whole.split_once(',').map_or(whole.clone(), |(day, _)| day.to_owned())
}

/// A day and a minute by the clock of a zone, which the page names once.
pub(crate) fn moment(lang: Language, zone: &TimeZone, at: Timestamp) -> String {
    let form = match lang {
        Language::En => "%-d %b %Y, %H:%M",
        Language::De => "%d.%m.%Y, %H:%M",
        Language::Fr => "%d/%m/%Y, %H:%M",
    };
    // Every moment of ours lies in the years that calendars know; another is shown as its number.
    let Ok(at) = jiff::Timestamp::from_microsecond(at.micros()) else { return at.micros().to_string() };
    let at = at.to_zoned(zone.clone());
    let told = at.strftime(form).to_string();
    match zone::which(&at) {
        Some(which) => format!("{told} ({which})"),
        None => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_never_said_to_be_shorter_than_it_is() {
        let said = |seconds| wait(Words::of(Language::En), Duration::from_secs(seconds));
        assert!(
            said(0).contains('1')
                && said(59).contains("59")
                && said(60).contains("minute")
                && said(61).contains('2')
        );
        assert_eq!((said(0), said(1), said(2)), ("1 second".into(), "1 second".into(), "2 seconds".into()));
        assert!(said(5400).contains("90") && said(5401).contains('2') && said(86_400).contains("24"));
    }

    #[test]
    fn days_are_told_as_calendars_count_them() {
        let at = |lang, micros| moment(lang, &TimeZone::UTC, Timestamp::from_micros(micros));
        assert_eq!(at(Language::En, 1_795_341_600_123_456), "22 Nov 2026, 10:00");
        assert_eq!(at(Language::De, 1_709_164_800_000_000), "29.02.2024, 00:00");
        assert_eq!(at(Language::Fr, -1), "31/12/1969, 23:59");
        let auckland = TimeZone::get("Pacific/Auckland").unwrap();
        let there = moment(Language::De, &auckland, Timestamp::from_micros(1_709_204_400_000_000));
        assert_eq!(there, "01.03.2024, 00:00", "the day changes with the clock");
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let twice = |micros| moment(Language::En, &berlin, Timestamp::from_micros(micros));
        assert_eq!(twice(1_792_888_200_000_000), "25 Oct 2026, 02:30 (UTC+02)");
        assert_eq!(twice(1_792_891_800_000_000), "25 Oct 2026, 02:30 (UTC+01)");
        assert_eq!(at(Language::En, i64::MAX), i64::MAX.to_string());
    }
}
