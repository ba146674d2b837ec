//! Of which kind a stored password hash is: its algorithm and what it cost, and nothing of salt or hash.

use std::fmt;

/// Longer words than any algorithm's name or cost are none.
const WORD_CHARS: usize = 64;
/// Digits of a cost: more than any that somebody would wait for.
const COST_DIGITS: usize = 9;

/// The kind of a password hash, like `argon2id$v=19$m=19456,t=2,p=1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct HashScheme(String);

impl HashScheme {
    /// Of a stored hash: what stands before its salt in a PHC string, or in the older forms `$2b$12$…` and
    /// `pbkdf2_sha256$260000$…`.
    pub fn of(stored: &str) -> Self {
        let mut fields = stored.strip_prefix('$').unwrap_or(stored).split('$');
        let name = fields.next().filter(|name| is_name(name) && *name != stored);
        let Some(name) = name else { return Self("unknown".to_owned()) };
        let mut scheme = name.to_owned();
        for (at, field) in fields.enumerate() {
            // Neither salt nor hash of a PHC string holds `=`; a bare number is a cost where it comes first.
            let is_cost = at == 0 && is_number(field);
            if !is_cost && !is_parameters(field) {
                break;
            }
            scheme.push('$');
            scheme.push_str(field);
        }
        Self(scheme)
    }

    /// As it was stored, or named by somebody who saw it.
    pub fn named(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The stored and printed text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for people: the algorithm's usual name and its costs.
    pub fn told(&self) -> String {
        let mut fields = self.0.split('$');
        let algorithm = fields.next().unwrap_or_default();
        let mut told = named(algorithm).to_owned();
        for field in fields {
            for parameter in field.split(',') {
                let text = match parameter.split_once('=') {
                    None => format!("cost {parameter}"),
                    Some(("v", "19")) => continue,
                    Some(("v", version)) => format!("version {version}"),
                    Some(("m", kib)) => format!("memory {kib} KiB"),
                    Some(("t", passes)) => format!("passes {passes}"),
                    Some(("p", lanes)) => format!("lanes {lanes}"),
                    Some(("keyid", id)) => format!("pepper {id}"),
                    Some((name, value)) => format!("{name} {value}"),
                };
                told.push_str(", ");
                told.push_str(&text);
            }
        }
        told
    }
}

fn named(algorithm: &str) -> &str {
    match algorithm {
        "argon2id" => "Argon2id",
        "argon2i" => "Argon2i",
        "argon2d" => "Argon2d",
        "2a" | "2b" | "2x" | "2y" => "bcrypt",
        "1" => "MD5-crypt",
        "5" => "SHA-256-crypt",
        "6" => "SHA-512-crypt",
        "unknown" => "A kind that Doorward does not know",
        other => other,
    }
}

fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    !text.is_empty() && text.len() <= WORD_CHARS && text.chars().all(is_plain)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= COST_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_parameters(text: &str) -> bool {
    text.contains('=') && text.len() <= WORD_CHARS && text.split(',').all(|part| part.contains('='))
}

impl fmt::Display for HashScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_tells_the_cost_and_nothing_of_the_secret() {
        for (stored, scheme, told) in [
            (
                "$argon2id$v=19$m=19456,t=2,p=1$AgICAgICAgICAgICAgICAg$AwMDAwMDAwMDAwMDAwMDAw",
                "argon2id$v=19$m=19456,t=2,p=1",
                "Argon2id, memory 19456 KiB, passes 2, lanes 1",
            ),
            (
                "$argon2id$v=19$m=16,t=1,p=1,keyid=AAECAw$AgICAgICAgICAgICAgICAg$AwMDAwMDAwMDAwMDAwMDAw",
                "argon2id$v=19$m=16,t=1,p=1,keyid=AAECAw",
                "Argon2id, memory 16 KiB, passes 1, lanes 1, pepper AAECAw",
            ),
            ("$2b$12$AgICAgICAgICAgICAgICAuAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM", "2b$12", "bcrypt, cost 12"),
            ("$6$rounds=5000$salt$hash", "6$rounds=5000", "SHA-512-crypt, rounds 5000"),
            ("$1$12345678x$hash", "1", "MD5-crypt"),
            ("pbkdf2_sha256$260000$salt$hash=", "pbkdf2_sha256$260000", "pbkdf2_sha256, cost 260000"),
            ("5f4dcc3b5aa765d61d8327deb882cf99", "unknown", "A kind that Doorward does not know"),
            ("", "unknown", "A kind that Doorward does not know"),
            ("a secret that somebody stored as it is", "unknown", "A kind that Doorward does not know"),
        ] {
            let found = HashScheme::of(stored);
            assert_eq!((found.as_str(), found.told().as_str()), (scheme, told), "{stored}");
        }
    }
}
