//! How names, times and spans are worded in a mail. Pure; knows no template.
//!
//! Names and programs are chosen by strangers, and a mail carries them to somebody's inbox under our sender: here
//! they lose line ends (header injection, P20), invisible direction marks, links and excess length.

use std::time::Duration;

use doorward_model::Timestamp;

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

/// `22 November 2026, 08:44 UTC`.
pub(super) fn moment(time: Timestamp) -> String {
    time.civil().strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// `30 minutes`, `1 hour`, `7 days`: rounded, because a mail is on its way for a while.
pub(super) fn span(span: Duration) -> String {
    let minutes = (span.as_secs() + 30) / 60;
    let hours = (minutes + 30) / 60;
    match (minutes, hours) {
        (0, _) => "less than a minute".to_owned(),
        (60, _) | (91.., ..48) => counted(hours, "hour"),
        (..=90, _) => counted(minutes, "minute"),
        (_, 48..) => counted((hours + 12) / 24, "day"),
    }
}

fn counted(number: u64, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
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
        let worded = |seconds| span(Duration::from_secs(seconds));
        assert_eq!(worded(10), "less than a minute");
        assert_eq!(worded(60), "1 minute");
        assert_eq!(worded(29 * 60 + 58), "30 minutes");
        assert_eq!(worded(3_600), "1 hour");
        assert_eq!(worded(90 * 60), "90 minutes");
        assert_eq!(worded(24 * 3_600), "24 hours");
        assert_eq!(worded(7 * 24 * 3_600), "7 days");
    }

    #[test]
    fn moments_name_their_zone() {
        assert_eq!(moment(Timestamp::from_micros(1_795_336_200_000_000)), "22 November 2026, 08:30 UTC");
    }
}
