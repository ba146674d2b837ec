//! No text is missing, left in English, or without its places.

use super::*;

/// The same word in both languages.
const SAME: &[(Language, &str)] = &[(Language::Fr, "{count} minute"), (Language::Fr, "{count} minutes")];

fn each(lang: Language) -> Vec<(&'static str, &'static str)> {
    let Words { frame, trouble, entry, password, time, account } = Words::of(lang);
    [frame.each(), trouble.each(), entry.each(), password.each(), time.each(), account.each()].concat()
}

fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> =
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
    places.sort_unstable();
    places
}

#[test]
fn every_text_is_there_with_its_places() {
    for lang in Language::ALL {
        for ((key, english), (_, text)) in each(Language::En).into_iter().zip(each(lang)) {
            assert!(!text.trim().is_empty() && text.trim() == text, "{lang:?} {key}");
            assert_eq!(places(text), places(english), "{lang:?} {key}");
            assert!(!text.contains(['<', '>', '"']), "{lang:?} {key}: typographic quotes, no markup");
            let ends = |text: &str| text.ends_with(['.', '?', '!', ':']);
            assert_eq!(ends(text), ends(english), "{lang:?} {key}: ends otherwise than the English text");
        }
    }
}

#[test]
fn nothing_is_left_in_english() {
    for lang in [Language::De, Language::Fr] {
        for ((key, english), (_, text)) in each(Language::En).into_iter().zip(each(lang)) {
            assert!(text != english || SAME.contains(&(lang, text)), "{lang:?} {key}: {text}");
            let left = ["the ", " and ", "you ", "your ", "please", " with "];
            let low = format!("{} ", text.to_lowercase());
            assert!(!left.iter().any(|word| low.contains(word)), "{lang:?} {key}: {text}");
        }
    }
}

#[test]
fn people_are_addressed_with_respect() {
    for (lang, familiar) in [(Language::De, ["du", "dein", "deine"]), (Language::Fr, ["tu", "ton", "tes"])] {
        for (key, text) in each(lang) {
            let low = text.to_lowercase();
            let mut words = low.split(|letter: char| !letter.is_alphabetic());
            assert!(!words.any(|word| familiar.contains(&word)), "{lang:?} {key}: {text}");
        }
    }
}
