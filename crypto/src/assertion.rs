//! Keys that sign assertions: what a service behind us may check for itself, without asking and without a secret.
//!
//! Ed25519 (RFC 8032) in a compact JWS (RFC 7515, RFC 8037), with one key pair per key of the ring: the current one
//! signs, and the public half of one before it is published for a while longer, so rotating the key file rotates these with
//! an overlap. Signed by
//! hand, in ten lines: a JWT library takes its key as a document and parses it at every signature, and the header, which
//! never changes, would be written and encoded each time. What is claimed is the caller's to say.

use crate::{DerivePurpose, Keyring};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorward_model::Timestamp;
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use thiserror::Error;
use zeroize::Zeroizing;

/// How long a key is published after a newer one was made: long enough to restart every node, which sign with the new key
/// only then. Not for ever, though a key stays in the file for what was hashed under it: whoever stole an old one could
/// sign with it as long as it is published.
pub const PUBLISHED_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The cryptographic library has no signature to give; nothing can be asserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the cryptographic library does not sign")]
pub struct CannotSign;

/// Signs with the current key of a ring, and knows the public halves of all of them.
pub struct AssertionKeys {
    pair: Ed25519KeyPair,
    /// The encoded header and the dot behind it.
    header: String,
    published: Box<[PublicKey]>,
    signed: AtomicU64,
}

/// The public half of a key, as a JWK has it (RFC 8037 §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Its name: the thumbprint (RFC 7638), so the same key has the same name on every node.
    pub kid: String,
    /// The point, in URL-safe Base64 without padding.
    pub x: String,
    /// From then on it is not published; `None` for the key that signs.
    pub until: Option<Timestamp>,
}

impl AssertionKeys {
    /// The keys of a ring.
    pub fn of(ring: &Keyring) -> Result<Self, CannotSign> {
        let current = pair(Zeroizing::new(ring.derive(DerivePurpose::AssertionKey, &[])))?;
        let all = ring.derive_all(DerivePurpose::AssertionKey, &[]);
        let published: Result<Box<[_]>, _> = all
            .zip(ring.replaced_at())
            .map(|(seed, replaced)| pair(Zeroizing::new(seed)).map(|pair| PublicKey::of(&pair, replaced)))
            .collect();
        let kid = PublicKey::of(&current, None).kid;
        let header = format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#);
        let header = URL_SAFE_NO_PAD.encode(header) + ".";
        Ok(Self { pair: current, header, published: published?, signed: AtomicU64::new(0) })
    }

    /// A compact JWS of the claims, a JSON object.
    pub fn sign(&self, claims: &[u8]) -> Result<String, CannotSign> {
        let signed = compact(&self.pair, &self.header, claims)?;
        self.signed.fetch_add(1, Relaxed);
        Ok(signed)
    }

    /// What to publish now: the current key first, then those that were replaced less than [`PUBLISHED_FOR`] ago.
    pub fn published(&self, now: Timestamp) -> impl Iterator<Item = &PublicKey> {
        self.published.iter().filter(move |key| key.until.is_none_or(|until| now < until))
    }

    /// How many signatures were made since the start.
    pub fn signed(&self) -> u64 {
        self.signed.load(Relaxed)
    }
}

impl std::fmt::Debug for AssertionKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssertionKeys").field("published", &self.published).finish_non_exhaustive()
    }
}

impl PublicKey {
    fn of(pair: &Ed25519KeyPair, replaced: Option<Timestamp>) -> Self {
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        // RFC 7638 §3.2: the required members only, in this order, without a space.
        let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
        let until = replaced.map(|at| at.plus(PUBLISHED_FOR));
        Self { kid: URL_SAFE_NO_PAD.encode(thumbprint), x, until }
    }
}

fn pair(seed: Zeroizing<[u8; 32]>) -> Result<Ed25519KeyPair, CannotSign> {
    Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| CannotSign)
}

/// RFC 7515 §7.1; `header` is encoded already and ends with its dot.
fn compact(pair: &Ed25519KeyPair, header: &str, payload: &[u8]) -> Result<String, CannotSign> {
    let base64 = |bytes: usize| (bytes * 4).div_ceil(3);
    let mut text = String::with_capacity(header.len() + base64(payload.len()) + 1 + base64(SIGNATURE));
    text.push_str(header);
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    let signature = pair.try_sign(text.as_bytes()).map_err(|_| CannotSign)?;
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    Ok(text)
}

/// Bytes of a signature (RFC 8032 §5.1.6).
const SIGNATURE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037 appendix A.1.
    fn of_the_rfc() -> Ed25519KeyPair {
        let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        pair(Zeroizing::new(seed.try_into().unwrap())).unwrap()
    }

    #[test]
    fn the_public_half_and_its_name_are_those_of_rfc_8037() {
        let public = PublicKey::of(&of_the_rfc(), None);
        assert_eq!(public.x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "appendix A.2");
        assert_eq!(public.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "appendix A.3");
    }

    #[test]
    fn a_signature_is_that_of_rfc_8037() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA"}"#) + ".";
        let signed = compact(&of_the_rfc(), &header, b"Example of Ed25519 signing").unwrap();
        let appendix_a_4 = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
            hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(signed, appendix_a_4);
        assert_eq!(signed.len(), signed.capacity(), "nothing was allocated twice, and nothing is left over");
    }
}
