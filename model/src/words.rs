//! Words by which people are found: of their e-mail and their names.

use crate::{Person, PersonStatus, folded};
use std::collections::BTreeSet;
use std::ops::Bound;

/// Characters of a word that are kept; what is searched for is cut the same way.
pub const WORD_CHARS: usize = 64;
/// Words of one person. More than anybody's names have, so that a name made of a thousand letters fills no index.
const WORDS_MAX: usize = 24;

/// The words somebody is found by: the whole e-mail, each name, and each part of a double name; folded, in the order of
/// bytes, each once, cut to [`WORD_CHARS`]. The deleted are found by none.
pub fn search_words(person: &Person) -> BTreeSet<String> {
    if person.status == PersonStatus::Deleted {
        return BTreeSet::new();
    }
    let profile = &person.profile;
    words_of(
        person.email.canonical(),
        &folded(&profile.full_name()),
        &folded(profile.known_as.as_deref().unwrap_or_default()),
    )
}

fn words_of(email: &str, name: &str, known_as: &str) -> BTreeSet<String> {
    let names = name.split_whitespace().chain(known_as.split_whitespace());
    let all = std::iter::once(email).chain(names.flat_map(with_parts)).filter(|word| !word.is_empty());
    all.take(WORDS_MAX).map(cut).collect()
}

/// A text that is searched for, as words; each must begin one of a person's.
pub fn sought_words(text: &str) -> Vec<String> {
    folded(text).split_whitespace().take(WORDS_MAX).map(cut).collect()
}

/// Whether somebody with these words is meant, and `row` is the first of them that begins with `prefix`: so that a person
/// whose e-mail and name begin alike is found once.
pub fn is_found_by(words: &BTreeSet<String>, sought: &[String], prefix: &str, row: &str) -> bool {
    let begins = |prefix: &str| {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        words.range::<str, _>(from).next().filter(|word| word.starts_with(prefix))
    };
    begins(prefix).is_some_and(|first| first == row) && sought.iter().all(|word| begins(word).is_some())
}

fn with_parts(word: &str) -> impl Iterator<Item = &str> {
    let parts = word.split(|letter: char| !letter.is_alphanumeric()).filter(move |part| *part != word);
    std::iter::once(word).chain(parts)
}

fn cut(word: &str) -> String {
    word.chars().take(WORD_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_name_is_found_by_each_part() {
        let words = words_of("ada@northwind.example", "anne-marie o'neill", "ada");
        let expected =
            ["ada", "ada@northwind.example", "anne", "anne-marie", "marie", "neill", "o", "o'neill"];
        assert!(words.iter().eq(expected.iter()), "{words:?}");
    }

    #[test]
    fn each_is_found_once_and_by_every_word() {
        let words = words_of("ada@northwind.example", "ada lovelace", "");
        let sought = sought_words(" ADA  Love");
        assert!(is_found_by(&words, &sought, "ada", "ada"));
        assert!(!is_found_by(&words, &sought, "ada", "ada@northwind.example"));
        assert!(!is_found_by(&words, &sought_words("ada x"), "ada", "ada"));
    }

    #[test]
    fn no_name_fills_the_index() {
        let long = "x".repeat(1_000);
        let many: Vec<String> = (0..1_000).map(|n| format!("n{n}")).collect();
        let words = words_of("a@b.example", &format!("{long} {}", many.join(" ")), "");
        assert!(words.len() <= WORDS_MAX && words.iter().all(|word| word.chars().count() <= WORD_CHARS));
    }
}
