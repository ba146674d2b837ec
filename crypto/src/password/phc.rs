//! The stored text of a password hash: a PHC string,
//! `$argon2id$v=19$m=19456,t=2,p=1[,keyid=…]$salt$hash`.
//!
//! Parsing is bounded: whoever can write into the table, or imports one, cannot make a sign-in take all memory.

use super::{Params, Pepper};
use password_hash::phc;
use thiserror::Error;

/// Longer than any string this parser accepts: salt and hash take at most 64 and 86 characters.
const MAX_LENGTH: usize = 256;

/// The only variant made for passwords (RFC 9106 §4).
const ALGORITHM: phc::Ident = phc::Ident::new_unwrap("argon2id");

/// RFC 9106 §3.1, version 1.3.
const VERSION: u32 = 0x13;

/// Bytes of a new hash (RFC 9106 §4 recommends 32 for the second option, 16 being the least).
pub(super) const OUTPUT_BYTES: usize = 32;

/// Bytes of a new salt (RFC 9106 §4).
pub(super) const SALT_BYTES: usize = 16;

/// The shortest stored hash taken as proof: 128 bits.
const LEAST_OUTPUT_BYTES: usize = 16;

/// A password hash, ready to be stored or checked. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    text: String,
    pub(super) params: Params,
    pub(super) pepper_id: Option<Vec<u8>>,
    pub(super) salt: Vec<u8>,
    pub(super) output: Vec<u8>,
}

/// The stored text is no Argon2id hash within bounds. Give `None` to `HashQueue::verify` then, so that the
/// answer takes as long as any other, and tell the operator.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the stored password hash is not an Argon2id PHC string within bounds")]
pub struct InvalidHash;

impl PasswordHash {
    /// Reads a stored hash.
    pub fn parse(text: &str) -> Result<Self, InvalidHash> {
        if text.len() > MAX_LENGTH {
            return Err(InvalidHash);
        }
        let parts = phc::PasswordHash::new(text).map_err(|_| InvalidHash)?;
        if parts.algorithm != ALGORITHM || parts.version != Some(VERSION) {
            return Err(InvalidHash);
        }
        let (Some(salt), Some(output)) = (parts.salt, parts.hash) else {
            return Err(InvalidHash);
        };
        if output.len() < LEAST_OUTPUT_BYTES {
            return Err(InvalidHash);
        }
        let (params, pepper_id) = read_params(&parts.params)?;
        Ok(Self {
            text: text.to_owned(),
            params,
            pepper_id,
            salt: salt.to_vec(),
            output: output.as_bytes().to_vec(),
        })
    }

    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it cost to make.
    pub const fn params(&self) -> &Params {
        &self.params
    }

    /// Puts a computed hash into its form.
    pub(super) fn of(
        params: Params,
        pepper: Option<&Pepper>,
        salt: [u8; SALT_BYTES],
        output: [u8; OUTPUT_BYTES],
    ) -> Result<Self, InvalidHash> {
        let parts = phc::PasswordHash {
            algorithm: ALGORITHM,
            version: Some(VERSION),
            params: write_params(&params, pepper).map_err(|_| InvalidHash)?,
            salt: Some(phc::Salt::new(&salt).map_err(|_| InvalidHash)?),
            hash: Some(phc::Output::new(&output).map_err(|_| InvalidHash)?),
        };
        let pepper_id = pepper.map(|pepper| pepper.id().to_vec());
        Ok(Self { text: parts.to_string(), params, pepper_id, salt: salt.to_vec(), output: output.to_vec() })
    }

    /// Whether it should be made anew at the next sign-in: the target rose, or the pepper changed (P6).
    pub(super) fn is_outdated(&self, target: &Params, pepper: Option<&Pepper>) -> bool {
        self.params.is_weaker_than(target)
            || self.salt.len() < SALT_BYTES
            || self.output.len() < OUTPUT_BYTES
            || self.pepper_id.as_deref() != pepper.map(Pepper::id).as_ref().map(<[u8; 4]>::as_slice)
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// An unknown parameter would change what the hash means, so it is refused rather than skipped.
fn read_params(text: &phc::ParamsString) -> Result<(Params, Option<Vec<u8>>), InvalidHash> {
    if text.iter().any(|(name, _)| !["m", "t", "p", "keyid"].contains(&name.as_str())) {
        return Err(InvalidHash);
    }
    let number = |name: &str| text.get_decimal(name).ok_or(InvalidHash);
    let params = Params::stored(number("m")?, number("t")?, number("p")?).map_err(|_| InvalidHash)?;
    let pepper_id = match text.get_str("keyid") {
        None => None,
        Some(keyid) => Some(argon2::KeyId::from_b64(keyid).map_err(|_| InvalidHash)?.as_bytes().to_vec()),
    };
    Ok((params, pepper_id))
}

fn write_params(params: &Params, pepper: Option<&Pepper>) -> Result<phc::ParamsString, phc::Error> {
    let mut text = phc::ParamsString::new();
    text.add_decimal("m", params.memory_kib())?;
    text.add_decimal("t", params.passes())?;
    text.add_decimal("p", params.lanes())?;
    if let Some(pepper) = pepper {
        text.add_b64_bytes("keyid", &pepper.id())?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str = "$AgICAgICAgICAgICAgICAg$AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM";

    fn parse(head: &str) -> Result<PasswordHash, InvalidHash> {
        PasswordHash::parse(&format!("{head}{TAIL}"))
    }

    #[test]
    fn what_is_written_reads_back() {
        let hash = PasswordHash::of(Params::OWASP, None, [2; 16], [3; 32]).unwrap();
        assert_eq!(hash.as_str(), format!("$argon2id$v=19$m=19456,t=2,p=1{TAIL}"));
        assert_eq!(PasswordHash::parse(hash.as_str()), Ok(hash.clone()));
        assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
    }

    #[test]
    fn a_stored_string_cannot_ask_for_all_memory() {
        assert!(parse("$argon2id$v=19$m=19456,t=2,p=1").is_ok());
        for head in [
            "$argon2id$v=19$m=4294967295,t=2,p=1",
            "$argon2id$v=19$m=19456,t=4294967295,p=1",
            "$argon2id$v=19$m=19456,t=2,p=4294967295",
            "$argon2id$v=19$m=19456,t=2",
            "$argon2id$v=19$m=19456,t=2,p=1,x=1",
            "$argon2id$v=16$m=19456,t=2,p=1",
            "$argon2d$v=19$m=19456,t=2,p=1",
            "",
        ] {
            assert_eq!(parse(head), Err(InvalidHash), "{head}");
        }
    }
}
