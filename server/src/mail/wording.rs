//! How names, times and spans are worded in a mail. Pure; knows no template.
//!
//! Names and programs are chosen by strangers, and a mail carries them to somebody's inbox under our sender: here
//! they lose line ends (header injection, P20), invisible direction marks, links and excess length.

use std::time::Duration;

use doorward_core::zone;
use doorward_model::{Timestamp, fill};
use jiff::tz::TimeZone;

use super::words::Words;

/// Longest name shown: room for real names, none for a message.
const NAME_CHARS: usize = 60;
/// Longest program description shown: a browser's name and system stand at its front.
const AGENT_CHARS: usize = 120;
/// Longest subject: mail programs show far less, and header lines stay few.
const SUBJECT_CHARS: usize = 150;

/// A name that somebody chose, for a greeting or a header; `None` when nothing presentable is left.
pub(super) fn chosen_name(text: &str) -> Option<String> {
    presentable(&without_links(text), NAME_CHARS)
}

/// The display name of a tenant. Its administrators answer for it, so `Booking.example` may stand.
pub(super) fn tenant_name(text: &str) -> Option<String> {
    presentable(text, NAME_CHARS)
}

/// The program that made a request, as it describes itself.
pub(super) fn agent(text: &str) -> Option<String> {
    presentable(&without_links(text), AGENT_CHARS)
}

/// A subject: one line, whatever the template made of it.
pub(super) fn subject(text: &str) -> String {
    presentable(text, SUBJECT_CHARS).unwrap_or_default()
}

/// `22 November 2026, 08:44 UTC`, `22 November 2026, 09:44 (Europe/Berlin)`: its reader knows neither where we sit nor what is
/// meant by three letters.
pub(super) fn moment(words: &Words, zone: &TimeZone, time: Timestamp) -> String {
    let (time, words) = (time.civil().to_zoned(zone.clone()), &words.time);
    let told = match (zone::name(zone), zone::which(&time)) {
        (name, Some(which)) => format!("({name}, {which})"),
        (name, None) if name == "UTC" => name,
        (name, None) => format!("({name})"),
    };
    let day = if time.day() == 1 { words.first.to_owned() } else { time.day().to_string() };
    let month = usize::try_from(time.month()).ok().and_then(|month| words.months.get(month.wrapping_sub(1)));
    let (year, clock) = (time.year().to_string(), time.strftime("%H:%M").to_string());
    let month = month.copied().unwrap_or_default();
    fill(words.moment, &[("day", &day), ("month", month), ("year", &year), ("time", &clock), ("zone", &told)])
}

/// `30 minutes`, `1 hour`, `7 days`: rounded, because a mail is on its way for a while.
pub(super) fn span(words: &Words, span: Duration) -> String {
    let minutes = (span.as_secs() + 30) / 60;
    let hours = (minutes + 30) / 60;
    let words = &words.time;
    match (minutes, hours) {
        (0, _) => words.soon.to_owned(),
        (60, _) | (91.., ..48) => counted(hours, words.hour, words.hours),
        (..=90, _) => counted(minutes, words.minute, words.minutes),
        (_, 48..) => counted((hours + 12) / 24, words.day, words.days),
    }
}

fn counted(number: u64, one: &str, several: &str) -> String {
    fill(if number == 1 { one } else { several }, &[("count", &number.to_string())])
}

fn presentable(text: &str, limit: usize) -> Option<String> {
    let visible: String = text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    };
    (!shown.is_empty()).then_some(shown)
}

/// Controls, line separators, and marks that reverse or hide the text around them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn without_links(text: &str) -> String {
    text.split_whitespace().filter(|word| !looks_like_link(word)).collect::<Vec<_>>().join(" ")
}

/// What a mail program would turn into a link: an address, a scheme, or a dot followed by a top-level domain.
fn looks_like_link(word: &str) -> bool {
    let names_host = word.split('.').skip(1).any(|label| {
        let letters = label.chars().take_while(|c| c.is_alphabetic() || !c.is_ascii()).count();
        letters >= 2
    });
    names_host || word.contains('@') || word.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorward_model::Language;

    #[test]
    fn a_name_is_one_line_without_hidden_marks() {
        assert_eq!(chosen_name("Ana\r\nBcc: all").as_deref(), Some("Ana Bcc: all"));
        assert_eq!(chosen_name("Ana\u{202e}\u{0}\u{2028}Ruiz").as_deref(), Some("Ana Ruiz"));
        assert_eq!(chosen_name(" \r\n\u{feff} "), None);
        let long = chosen_name(&"é".repeat(5_000)).unwrap();
        assert_eq!(long.chars().count(), NAME_CHARS + 1);
    }

    #[test]
    fn a_name_carries_no_link_into_a_mail() {
        assert_eq!(chosen_name("Prize at https://evil.example/x now").as_deref(), Some("Prize at now"));
        assert_eq!(chosen_name("evil.example/win"), None);
        assert_eq!(chosen_name("me@evil.example"), None);
        assert_eq!(chosen_name("J.R.R. Tolkien").as_deref(), Some("J.R.R. Tolkien"));
        assert_eq!(
            agent("Mozilla/5.0 (X11) Firefox/143.0").as_deref(),
            Some("Mozilla/5.0 (X11) Firefox/143.0")
        );
    }

    #[test]
    fn spans_read_like_a_person_says_them() {
        let worded = |seconds| span(Words::of(Language::En), Duration::from_secs(seconds));
        assert_eq!(worded(10), "less than a minute");
        assert_eq!(worded(60), "1 minute");
        assert_eq!(worded(29 * 60 + 58), "30 minutes");
        assert_eq!(worded(3_600), "1 hour");
        assert_eq!(worded(90 * 60), "90 minutes");
        assert_eq!(worded(24 * 3_600), "24 hours");
        assert_eq!(worded(7 * 24 * 3_600), "7 days");
    }

    #[test]
    fn moments_name_their_zone_and_are_told_as_the_language_does() {
        let at =
            |language, micros| moment(Words::of(language), &TimeZone::UTC, Timestamp::from_micros(micros));
        assert_eq!(at(Language::En, 1_795_336_200_000_000), "22 November 2026, 08:30 UTC");
        assert_eq!(at(Language::De, 1_709_164_800_000_000), "29. Februar 2024, 00:00 UTC");
        assert_eq!(at(Language::Fr, 1_764_547_200_000_000), "1er décembre 2025 à 00:00 UTC");
        let there = |language, zone| {
            let zone = TimeZone::get(zone).unwrap();
            moment(Words::of(language), &zone, Timestamp::from_micros(1_795_336_200_000_000))
        };
        assert_eq!(there(Language::De, "Europe/Berlin"), "22. November 2026, 09:30 (Europe/Berlin)");
        assert_eq!(there(Language::En, "America/New_York"), "22 November 2026, 03:30 (America/New York)");
        assert_eq!(there(Language::Fr, "UTC"), "22 novembre 2026 à 08:30 UTC");
        let twice = |micros| {
            moment(
                Words::of(Language::En),
                &TimeZone::get("Europe/Berlin").unwrap(),
                Timestamp::from_micros(micros),
            )
        };
        assert_eq!(twice(1_792_888_200_000_000), "25 October 2026, 02:30 (Europe/Berlin, UTC+02)");
        assert_eq!(twice(1_792_891_800_000_000), "25 October 2026, 02:30 (Europe/Berlin, UTC+01)");
        let days = |language| span(Words::of(language), Duration::from_secs(7 * 24 * 3_600));
        assert_eq!([days(Language::De), days(Language::Fr)], ["7 Tage", "7 jours"]);
    }
}
