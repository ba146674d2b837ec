//! E-mail addresses: how one is written, and which spellings name one person.

use crate::folded;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// RubiCRM's limit (seed: "String – Max 250 chars"), just under RFC 5321's 254.
const MAX_CHARS: usize = 250;

/// An address someone can be written to.
///
/// `as_written` keeps the spelling for mails and answers; `canonical` names the person: NFC, lower case, no
/// dots or tags removed. Canonical forms are made here and compared as bytes, so that both store engines agree.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email {
    written: String,
    canonical: String,
}

/// Why a text is no e-mail address.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum InvalidEmail {
    /// Longer than 250 characters.
    #[error("an e-mail address has at most 250 characters")]
    TooLong,
    /// Not `local@domain`, or with spaces or control characters.
    #[error("expected an e-mail address like name@example.com")]
    Malformed,
}

impl Email {
    /// Reads an address. Surrounding white space is not removed: an address is exact.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        if text.chars().count() > MAX_CHARS {
            return Err(InvalidEmail::TooLong);
        }
        let written: String = text.nfc().collect();
        let (local, domain) = written.rsplit_once('@').ok_or(InvalidEmail::Malformed)?;
        let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
        let domain_is_named = domain.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || !c.is_ascii())
        });
        if local.is_empty()
            || !local.chars().all(is_plain)
            || !domain.chars().all(is_plain)
            || !domain_is_named
        {
            return Err(InvalidEmail::Malformed);
        }
        let canonical = folded(&written);
        Ok(Self { written, canonical })
    }

    /// The spelling the person or administrator gave (NFC).
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The spelling that names the person in a pool.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Email({})", self.written)
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_person_agree() {
        let typed = Email::parse("Ana.Müller@Example.COM").unwrap();
        let decomposed = Email::parse("ana.mu\u{308}ller@example.com").unwrap();
        assert_eq!(typed.canonical(), decomposed.canonical());
        assert_eq!(typed.as_written(), "Ana.Müller@Example.COM");
    }

    #[test]
    fn what_could_split_a_header_or_name_two_people_is_refused() {
        for text in [
            "",
            "a",
            "@b",
            "a@",
            "a b@c.d",
            "a@b\r\nBcc: x@y.z",
            "a@b,c@d",
            "<a@b.c>",
            "a\0@b.c",
            "a@@b",
            "a@b..c",
        ] {
            assert_eq!(Email::parse(text), Err(InvalidEmail::Malformed), "{text:?}");
        }
        assert_eq!(Email::parse(&format!("{}@b.c", "a".repeat(250))), Err(InvalidEmail::TooLong));
    }
}
