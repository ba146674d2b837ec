//! The keyring: master keys, and what is made from them. The first key is current and makes everything new; the
//! previous ones are still tried, so that rotating a key signs nobody out.
//!
//! `file.rs` is the key file, `master.rs` how one key becomes a sub-key per purpose, `purpose.rs` the purposes,
//! `sealed.rs` authenticated encryption, `keyed_hash.rs` the value that is stored in place of a token.
//! Not here: password hashes, which need no key (`password/`).

mod disk;
mod file;
mod keyed_hash;
mod master;
mod purpose;
mod sealed;

pub use file::KeyFileError;
pub use keyed_hash::KeyedHash;
pub use purpose::{DerivePurpose, HashPurpose, SealPurpose};
pub use sealed::{OpenError, SealError};

use crate::{Random, RandomUnavailable};
use doorward_model::{Secret, Timestamp};
use master::MasterKey;
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The keys of one installation. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Keyring {
    current: Arc<MasterKey>,
    previous: Arc<[MasterKey]>,
}

impl Keyring {
    /// Makes a key file with one new key, readable by its owner only, and durable when this returns.
    /// Never overwrites: a lost key signs everybody out and makes sealed mails unreadable.
    pub fn create(path: &Path, now_micros: i64, random: &Random) -> Result<Self, KeyFileError> {
        let keys = vec![MasterKey::generate(now_micros, random)?];
        disk::write_new(path, &file::print(&keys)?)?;
        Self::of(keys)
    }

    /// Reads the key file; refuses one that others may read.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        Self::of(file::parse(&disk::read(path)?)?)
    }

    /// Reads the text of a key file, as a secret store hands it over.
    pub fn from_text(text: &Secret) -> Result<Self, KeyFileError> {
        Self::of(file::parse(text.expose())?)
    }

    /// One key that is written nowhere: for tests, and for servers whose data ends with them.
    pub fn ephemeral(random: &Random) -> Result<Self, RandomUnavailable> {
        let key = MasterKey::generate(0, random)?;
        Ok(Self { current: Arc::new(key), previous: Arc::new([]) })
    }

    /// Puts a new current key in front of those in the file, atomically, and returns the new keyring.
    /// Servers that still run keep the keyring they loaded: load again, or restart them, before the new key is used.
    pub fn rotate(path: &Path, now_micros: i64, random: &Random) -> Result<Self, KeyFileError> {
        let mut keys = file::parse(&disk::read(path)?)?;
        keys.insert(0, MasterKey::generate(now_micros, random)?);
        disk::replace(path, &file::print(&keys)?)?;
        Self::of(keys)
    }

    /// The hash to store for a new token or secret: HMAC-SHA-256 under the current key.
    pub fn hash(&self, purpose: HashPurpose, secret: &[u8]) -> KeyedHash {
        self.current.hash(purpose, secret)
    }

    /// The hashes under which a presented token may be stored: the current key's first, then the previous ones'.
    /// Take the first and look it up before asking for the next: nearly always it is the only one computed.
    pub fn hashes(&self, purpose: HashPurpose, secret: &[u8]) -> impl Iterator<Item = KeyedHash> {
        self.keys().map(move |key| key.hash(purpose, secret))
    }

    /// 32 secret bytes that can be computed again from the same parts (codes and feed tokens that must be
    /// printable again). Parts are length-prefixed: `["ab", "c"]` and `["a", "bc"]` differ.
    pub fn derive(&self, purpose: DerivePurpose, parts: &[&[u8]]) -> [u8; 32] {
        self.current.derive(purpose, parts)
    }

    /// What [`Self::derive`] gives now and gave under the previous keys. Compare in constant time.
    pub fn derive_all(&self, purpose: DerivePurpose, parts: &[&[u8]]) -> impl Iterator<Item = [u8; 32]> {
        self.keys().map(move |key| key.derive(purpose, parts))
    }

    /// Since when each key of the ring makes nothing new any more, in the order of [`Self::derive_all`]: since the one
    /// before it in the file was made. `None` for the current key.
    pub fn replaced_at(&self) -> impl Iterator<Item = Option<Timestamp>> {
        let made = self.keys().map(|key| Some(Timestamp::from_micros(key.created_micros)));
        std::iter::once(None).chain(made)
    }

    /// Encrypts and authenticates with the current key; `context` (say, the row's id) is bound to the result,
    /// so that a sealed value moved to another row does not open.
    pub fn seal(
        &self,
        purpose: SealPurpose,
        context: &[u8],
        plain: &[u8],
        random: &Random,
    ) -> Result<Vec<u8>, SealError> {
        sealed::seal(&self.current, purpose, context, plain, random)
    }

    /// Opens what [`Self::seal`] made with the same purpose and context, under any key of the ring.
    pub fn open(
        &self,
        purpose: SealPurpose,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        sealed::open(self.keys(), purpose, context, sealed)
    }

    fn of(keys: Vec<MasterKey>) -> Result<Self, KeyFileError> {
        let mut keys = keys.into_iter();
        let current = keys.next().ok_or(KeyFileError::NoKeys)?;
        Ok(Self { current: Arc::new(current), previous: keys.collect() })
    }

    fn keys(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&*self.current).chain(self.previous.iter())
    }
}
