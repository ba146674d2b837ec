//! Which of our languages a client asks for (RFC 9110 §12.5.4).

use doorward_model::Language;
use http::{HeaderMap, header};

/// Ranges of `Accept-Language` that are looked at; browsers send fewer than ten.
const RANGES: usize = 20;

/// The language that weighs most of those we speak; `None` where none is asked for by name.
pub fn asked_language(headers: &HeaderMap) -> Option<Language> {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let ranges = values.flat_map(|text| text.split(',')).take(RANGES).filter_map(range);
    // Of equal weight the first; `max_by_key` would take the last.
    ranges
        .fold(None, |best: Option<(u16, Language)>, (weight, language)| match best {
            Some((heaviest, _)) if heaviest >= weight => best,
            Some(_) | None => Some((weight, language)),
        })
        .map(|(_, language)| language)
}

/// The language a range means, with its weight in thousandths; `None` for one that we do not speak or nobody wants. Programs
/// send `*`, which is no wish.
fn range(text: &str) -> Option<(u16, Language)> {
    let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let weight = thousandths(weight.trim().strip_prefix("q=")?.trim()).filter(|weight| *weight > 0)?;
    let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
    Some((weight, Language::parse(&primary)?))
}

/// A weight: 0 to 1 with three digits behind the point at most (RFC 9110 §12.4.2).
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_weight = matches!(whole, "0" | "1") && rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit());
    let weight: u16 = format!("{whole}{rest:0<3}").parse().ok().filter(|_| is_weight)?;
    (weight <= 1000).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(accept: &str) -> Option<Language> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().expect("a header"));
        asked_language(&headers)
    }

    #[test]
    fn the_heaviest_language_that_we_speak() {
        assert_eq!(asks("de"), Some(Language::De));
        assert_eq!(asks("de-AT, en;q=0.8"), Some(Language::De));
        assert_eq!(asks("da, fr-CA;q=0.7, en;q=0.3"), Some(Language::Fr));
        assert_eq!(asks("en;q=0.2, de;q=0.9"), Some(Language::De));
        assert_eq!(asks("fr;q=0.5, de;q=0.5"), Some(Language::Fr), "of equals the first");
        assert_eq!(asks("de;q=0, fr;q=0.1"), Some(Language::Fr), "nobody wants what weighs nothing");
        assert_eq!(asks("fr;q=0.25, de;q=0.3"), Some(Language::De), "three digits count");
    }

    #[test]
    fn who_asks_for_nothing_we_speak_asks_for_nothing() {
        for none in [
            "",
            "*",
            "ja, *;q=0.1",
            ";;;",
            "de;q=nan",
            "de;q=-1",
            "de;q=2",
            "de;q=1.5",
            "de;q=0.1234",
            "de;q=+1",
            "de;level=1",
            "\u{e9}",
        ] {
            assert_eq!(asks(none), None, "{none}");
        }
    }
}
