//! Rules for a new password (P5, NIST SP 800-63B-4 §3.1.1.2). They apply when a password is set, never at sign-in.

use crate::{EffectivePolicy, Secret};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Passwords people choose when nobody stops them: lower case, one a line, sorted.
static COMMON: &str = include_str!("common_passwords.txt");

/// Why a new password was refused; the text is for the person who chose it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refused {
    /// Fewer code points than the policy asks for.
    #[error("the password needs at least {least} characters")]
    TooShort {
        /// How many it needs.
        least: u32,
    },
    /// More bytes than some door of the pool can carry.
    #[error(
        "the password may be at most {most} bytes long, because a sign-in form of this organisation carries no more"
    )]
    TooLong {
        /// How many it may have.
        most: u32,
    },
    /// On the list of common passwords.
    #[error("the password is on the list of common passwords")]
    Common,
    /// A word of the tenant's or the person's own.
    #[error("the password is a name or word that others can guess")]
    OwnWord,
    /// NUL or another control character, which some client would drop.
    #[error("the password may not contain control characters")]
    Control,
}

/// The form that is hashed: NFC, and nothing else: never trimmed, folded or cut.
pub fn normalised(password: &str) -> Secret {
    Secret::new(password.nfc().collect::<String>())
}

/// Checks a new password; `own_words` are the person's address and names.
pub fn check(password: &str, policy: &EffectivePolicy, own_words: &[&str]) -> Result<(), Refused> {
    let normal: String = password.nfc().collect();
    if normal.chars().any(char::is_control) {
        return Err(Refused::Control);
    }
    let length = normal.chars().count();
    if length < usize::try_from(policy.password_min_length).unwrap_or(usize::MAX) {
        return Err(Refused::TooShort { least: policy.password_min_length });
    }
    if normal.len() > usize::try_from(policy.password_max_bytes).unwrap_or(usize::MAX) {
        return Err(Refused::TooLong { most: policy.password_max_bytes });
    }
    let folded = normal.to_lowercase();
    if is_common(&folded) || is_one_thing_repeated(&folded) {
        return Err(Refused::Common);
    }
    let is_own = |word: &str| !word.is_empty() && word.to_lowercase() == folded;
    if policy.password_words.iter().any(|word| is_own(word)) || own_words.iter().any(|word| is_own(word)) {
        return Err(Refused::OwnWord);
    }
    Ok(())
}

fn is_common(folded: &str) -> bool {
    COMMON.lines().any(|line| line == folded)
}

/// `aaaa…`, `abcabc…`, or a common password said several times: the list cannot hold every length of these.
fn is_one_thing_repeated(folded: &str) -> bool {
    let chars: Vec<char> = folded.chars().collect();
    (1..=chars.len() / 2).any(|unit| {
        let repeats = chars.len().is_multiple_of(unit)
            && chars.chunks(unit).all(|chunk| chars.get(..unit).is_some_and(|first| first == chunk));
        // A unit of up to three characters is no password however often it is said.
        repeats && (unit <= 3 || is_common(&chars.iter().take(unit).collect::<String>()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str) -> Option<Refused> {
        let policy = EffectivePolicy::inherit([]);
        check(password, &policy, &["ana.mueller@harbour.example"]).err()
    }

    #[test]
    fn length_counts_code_points_after_nfc() {
        assert_eq!(refused("correct horse b"), None);
        assert_eq!(refused("correct horse "), Some(Refused::TooShort { least: 15 }));
        // Fifteen times u + combining diaeresis is fifteen code points once composed, and one thing repeated.
        assert_eq!(refused(&"u\u{308}".repeat(14)), Some(Refused::TooShort { least: 15 }));
    }

    #[test]
    fn what_everybody_guesses_first_is_refused() {
        for guess in ["passwordpassword", "aaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "123456789012345"] {
            assert_eq!(refused(guess), Some(Refused::Common), "{guess}");
        }
        assert_eq!(refused("Ana.Mueller@harbour.example"), Some(Refused::OwnWord));
        assert_eq!(refused("long enough \0 but with nul"), Some(Refused::Control));
    }

    #[test]
    fn sixty_four_characters_of_any_script_are_fine() {
        let long: String = "Ω𝄞я漢字"
            .chars()
            .cycle()
            .take(64)
            .enumerate()
            .map(|(i, c)| if i % 7 == 0 { 'x' } else { c })
            .collect();
        assert_eq!(refused(&long), None);
    }
}
