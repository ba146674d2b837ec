//! Sealing: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce of 24 bytes.
//!
//! A sealed value is `version (1) ‖ key id (4) ‖ nonce (24) ‖ ciphertext ‖ tag (16)`. Version, key id and the
//! caller's context are authenticated with it; the purpose is in the key.

use super::SealPurpose;
use super::master::{KeyId, MasterKey};
use crate::{Random, RandomUnavailable};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use thiserror::Error;
use zeroize::Zeroizing;

const VERSION: u8 = 1;

/// Why a value was not sealed.
#[derive(Debug, Error)]
pub enum SealError {
    /// No nonce can be made now.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
    /// Longer than the cipher takes under one nonce (256 GiB).
    #[error("the value is too long to be sealed")]
    TooLong,
}

/// Why a sealed value did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// Not the form that `seal` writes.
    #[error("the value is not in a sealed form this version knows")]
    Malformed,
    /// Sealed with a key that is not in the ring.
    #[error("the value was sealed with a key that is not in the key file")]
    UnknownKey,
    /// Changed, or sealed for another purpose or context.
    #[error("the sealed value was changed, or belongs elsewhere")]
    Forged,
}

/// Seals with `key`.
pub(super) fn seal(
    key: &MasterKey,
    purpose: SealPurpose,
    context: &[u8],
    plain: &[u8],
    random: &Random,
) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; 24] = random.bytes()?;
    let aad = bound(key.id, context);
    let sealed = cipher(key, purpose)
        .encrypt(&nonce.into(), Payload { msg: plain, aad: &aad })
        .map_err(|_| SealError::TooLong)?;
    Ok([&[VERSION][..], &key.id, &nonce, &sealed].concat())
}

/// Opens with the key of the ring that the header names.
pub(super) fn open<'a>(
    mut keys: impl Iterator<Item = &'a MasterKey>,
    purpose: SealPurpose,
    context: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (header, rest) = sealed.split_first_chunk::<5>().ok_or(OpenError::Malformed)?;
    let (nonce, ciphertext) = rest.split_first_chunk::<24>().ok_or(OpenError::Malformed)?;
    let [VERSION, id @ ..] = *header else {
        return Err(OpenError::Malformed);
    };
    let key = keys.find(|key| key.id == id).ok_or(OpenError::UnknownKey)?;
    let aad = bound(id, context);
    cipher(key, purpose)
        .decrypt(&(*nonce).into(), Payload { msg: ciphertext, aad: &aad })
        .map(Zeroizing::new)
        .map_err(|_| OpenError::Forged)
}

fn cipher(key: &MasterKey, purpose: SealPurpose) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*key.seal_key(purpose)).into())
}

fn bound(id: KeyId, context: &[u8]) -> Vec<u8> {
    [&[VERSION][..], &id, context].concat()
}
