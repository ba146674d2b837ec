//! One master key and its sub-keys.
//!
//! A sub-key is HMAC-SHA-256(master, label), one label per purpose: the expansion step of HKDF (RFC 5869 §2.3)
//! over a key that is uniform already. The master key itself touches no message. The sub-keys for hashing are
//! kept as prepared HMAC states, because verify computes one at every request.

use super::{DerivePurpose, HashPurpose, KeyedHash, SealPurpose};
use crate::{Random, RandomUnavailable};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

type HmacSha256 = Hmac<Sha256>;

/// The name of a key: public, random, in the header of what it sealed.
pub(super) type KeyId = [u8; 4];

/// A key of the ring. Not `Clone`: one copy of a secret is enough.
pub(super) struct MasterKey {
    pub(super) id: KeyId,
    pub(super) created_micros: i64,
    pub(super) secret: Zeroizing<[u8; 32]>,
    hashing: [(HashPurpose, HmacSha256); HashPurpose::ALL.len()],
}

impl MasterKey {
    /// A key read from a file.
    pub(super) fn new(id: KeyId, created_micros: i64, secret: Zeroizing<[u8; 32]>) -> Self {
        let hashing = HashPurpose::ALL.map(|purpose| (purpose, keyed(&subkey(&secret, purpose.label()))));
        Self { id, created_micros, secret, hashing }
    }

    /// A new key.
    pub(super) fn generate(now_micros: i64, random: &Random) -> Result<Self, RandomUnavailable> {
        Ok(Self::new(random.bytes()?, now_micros, Zeroizing::new(random.bytes()?)))
    }

    /// HMAC of `secret` under the sub-key of `purpose`.
    pub(super) fn hash(&self, purpose: HashPurpose, secret: &[u8]) -> KeyedHash {
        let prepared = self.hashing.iter().find(|(prepared_for, _)| *prepared_for == purpose);
        let mac = match prepared {
            Some((_, mac)) => mac.clone(),
            None => keyed(&self.subkey(purpose.label())),
        };
        KeyedHash::new(mac.chain_update(secret).finalize().into_bytes().into())
    }

    /// HMAC of the length-prefixed parts under the sub-key of `purpose`.
    pub(super) fn derive(&self, purpose: DerivePurpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = keyed(&self.subkey(purpose.label()));
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The encryption key of `purpose`.
    pub(super) fn seal_key(&self, purpose: SealPurpose) -> Zeroizing<[u8; 32]> {
        self.subkey(purpose.label())
    }

    fn subkey(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        subkey(&self.secret, label)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", hex::encode(self.id))
    }
}

fn subkey(secret: &[u8; 32], label: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(keyed(secret).chain_update(label).finalize().into_bytes().into())
}

/// RFC 2104 pads a key shorter than the hash's block with zeros; padding here makes the fallible constructor needless.
fn keyed(key: &[u8; 32]) -> HmacSha256 {
    let mut block = Zeroizing::new([0_u8; 64]);
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    HmacSha256::new((&*block).into())
}
