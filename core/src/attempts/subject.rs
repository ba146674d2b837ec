//! What is counted, by name: a keyed hash, so that a row exists for unknown accounts too, and tells nobody which account
//! or address it is.
//!
//! After a rotation of the key file, what was counted under an earlier key is found by it and renamed: a new key gives
//! nobody a hundred more guesses, and makes no stranger of a known place. What is counted for minutes only begins anew.

use crate::Core;
use doorward_crypto::HashPurpose;
use doorward_model::{PoolId, Timestamp};
use doorward_store::attempts::{self as store, Attempts};
use doorward_store::{Error as StoreError, Tx};

/// Something that is remembered for longer than a key.
#[derive(Clone, Debug)]
pub(super) struct Lasting {
    /// What it is called now, and what is written.
    name: [u8; 32],
    /// What it was called under the earlier keys, the newest first.
    earlier: Vec<[u8; 32]>,
}

impl Lasting {
    pub(super) fn new(core: &Core, pool: PoolId, kind: &str, parts: &[&[u8]]) -> Self {
        let text = spelled(pool, kind, parts);
        let earlier = core.keys().hashes(HashPurpose::AttemptKey, &text).skip(1).map(|hash| *hash.bytes());
        Self { name: subject(core, pool, kind, parts), earlier: earlier.collect() }
    }

    /// The counters; zeroes for what was never seen. Only in a transaction that writes.
    pub(super) fn find(&self, tx: &mut Tx<'_>) -> Result<Attempts, StoreError> {
        let known = store::find(tx, &self.name)?;
        // Whatever was written has a time.
        if known != Attempts::default() {
            return Ok(known);
        }
        for earlier in &self.earlier {
            if store::rename(tx, earlier, &self.name)? {
                return store::find(tx, &self.name);
            }
        }
        Ok(known)
    }

    /// Writes the counters, that were found before in the same transaction: or an earlier name's would be left behind.
    pub(super) fn put(&self, tx: &mut Tx<'_>, attempts: Attempts) -> Result<(), StoreError> {
        store::put(tx, &self.name, attempts)
    }

    /// When an account last signed in from this place.
    pub(super) fn find_place(&self, tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
        let seen = store::find_place(tx, &self.name)?;
        if seen.is_some() {
            return Ok(seen);
        }
        for earlier in &self.earlier {
            if store::rename_place(tx, earlier, &self.name)? {
                return store::find_place(tx, &self.name);
            }
        }
        Ok(None)
    }

    pub(super) fn put_place(&self, tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
        store::put_place(tx, &self.name, at)
    }
}

/// The name of what `parts` are, as a thing of this kind, in a pool.
pub(crate) fn subject(core: &Core, pool: PoolId, kind: &str, parts: &[&[u8]]) -> [u8; 32] {
    *core.keys().hash(HashPurpose::AttemptKey, &spelled(pool, kind, parts)).bytes()
}

/// Every part with its length in front: `["ab", "c"]` and `["a", "bc"]` are two things.
fn spelled(pool: PoolId, kind: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut text = Vec::new();
    for part in [kind.as_bytes(), pool.uuid().as_bytes()].iter().chain(parts) {
        text.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        text.extend_from_slice(part);
    }
    text
}
