//! No text is empty, left in English, or without its places.

use super::*;

fn each(words: &Words) -> Vec<&'static str> {
    let Every { hello, hello_name, bare_link, colon, lifetime, late, when, from, near, with, well, more } =
        words.every;
    let every = [hello, hello_name, bare_link, colon, lifetime, late, when, from, near, with, well, more];
    let Time { soon, minute, minutes, hour, hours, day, days, moment, first, months } = words.time;
    let time = [soon, minute, minutes, hour, hours, day, days, moment, first];
    let said = MailKind::ALL.map(|kind| words.said(kind));
    let said = said.iter().flat_map(|it| [it.subject, it.what, it.action, it.otherwise]);
    let happened = Happening::ALL.iter().map(|it| words.happened(*it));
    every.into_iter().chain(time).chain(months).chain(said).chain(happened).collect()
}

fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> =
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
    places.sort_unstable();
    places
}

#[test]
fn every_text_is_there_with_its_places() {
    for language in Language::ALL {
        for (english, text) in each(Words::of(Language::En)).into_iter().zip(each(Words::of(language))) {
            assert!(!text.trim().is_empty(), "{language:?}: {english}");
            assert_eq!(places(text), places(english), "{language:?}: {text}");
            assert!(!text.contains(['<', '>', '"', '\'', '&']), "no markup, typographic quotes: {text}");
            assert_eq!(text.ends_with(':'), english.ends_with(':'), "{language:?}: {text}");
        }
    }
}

#[test]
fn nothing_is_left_in_english_and_nobody_is_addressed_familiarly() {
    for (language, familiar) in
        [(Language::De, ["du", "dein", "deine"]), (Language::Fr, ["tu", "ton", "tes"])]
    {
        for text in each(Words::of(language)) {
            let low = text.to_lowercase();
            let mut words = low.split(|letter: char| !letter.is_alphabetic());
            assert!(!words.any(|word| familiar.contains(&word)), "{language:?}: {text}");
            for left in ["the ", " and ", " you ", "your ", "please", " with "] {
                assert!(!format!("{low} ").contains(left), "{language:?}: {text}");
            }
        }
    }
}
