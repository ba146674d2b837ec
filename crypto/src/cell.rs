//! Keys with which cells sign what they say to each other (Ed25519, RFC 8032).
//!
//! Like those of assertions they are derived from the key ring, one pair for each key of it: the current one signs, and the
//! public halves are what other cells list. What is signed is the caller's to say.

use crate::{CannotSign, DerivePurpose, Keyring};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Signs for this cell.
pub struct CellKey {
    pair: Ed25519KeyPair,
    public: Vec<CellPublicKey>,
}

/// The public half of a cell's key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CellPublicKey([u8; 32]);

impl CellKey {
    /// The keys of a ring.
    pub fn of(ring: &Keyring) -> Result<Self, CannotSign> {
        let pair = pair(Zeroizing::new(ring.derive(DerivePurpose::CellKey, &[])))?;
        let all = ring.derive_all(DerivePurpose::CellKey, &[]);
        let public: Result<Vec<_>, _> =
            all.map(|seed| CellPublicKey::of(&self::pair(Zeroizing::new(seed))?)).collect();
        Ok(Self { pair, public: public? })
    }

    /// The signature: 64 bytes.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CannotSign> {
        Ok(self.pair.try_sign(message).map_err(|_| CannotSign)?.as_ref().to_vec())
    }

    /// The public halves of all keys of the ring; the first belongs to the one that signs.
    pub fn public(&self) -> &[CellPublicKey] {
        &self.public
    }
}

impl std::fmt::Debug for CellKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CellKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl CellPublicKey {
    fn of(pair: &Ed25519KeyPair) -> Result<Self, CannotSign> {
        pair.public_key().as_ref().try_into().map(Self).map_err(|_| CannotSign)
    }

    /// Reads what [`std::fmt::Display`] wrote: 32 bytes in URL-safe Base64 without padding.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// Whether this key's owner signed the message.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}

impl std::fmt::Display for CellPublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

fn pair(seed: Zeroizing<[u8; 32]>) -> Result<Ed25519KeyPair, CannotSign> {
    Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| CannotSign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    fn key() -> CellKey {
        CellKey::of(&Keyring::ephemeral(&Random::os()).unwrap()).unwrap()
    }

    #[test]
    fn only_the_owner_has_signed_and_only_that() {
        let (one, two) = (key(), key());
        let signature = one.sign(b"after=7").unwrap();
        let public = one.public()[0];
        assert!(public.has_signed(b"after=7", &signature));
        assert!(!public.has_signed(b"after=8", &signature));
        assert!(!two.public()[0].has_signed(b"after=7", &signature));
        assert!(!public.has_signed(b"after=7", &signature[1..]));
    }

    #[test]
    fn a_printed_key_reads_back_and_nothing_else_does() {
        let public = key().public()[0];
        assert_eq!(CellPublicKey::parse(&public.to_string()), Some(public));
        assert_eq!(CellPublicKey::parse(&format!("{public}A")), None);
        assert_eq!(CellPublicKey::parse(""), None);
    }
}
