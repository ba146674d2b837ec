//! A bounded memory of callers, by the keyed hash of what they bring, weighed in bytes.

use super::held::{HeldKey, HeldToken};
use super::who::Who;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{OptionsBuilder, Weighter};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// What one caller takes, texts apart: the entry, its place in the table and the allocator's share
/// (docs/decisions/verify-memory.md has what was measured).
pub(super) const CALLER_BYTES: u64 = 240;

/// The keyed hash of a token or secret.
pub(crate) type TokenHash = [u8; 32];

pub(super) type Callers<T> = Cache<TokenHash, Arc<T>, Bytes, BuildHasherDefault<FirstBytes>>;

/// One of about this many bytes.
pub(super) fn callers<T: Weighed>(bytes: u64) -> Callers<T> {
    let bytes = bytes.max(CALLER_BYTES);
    let most = usize::try_from(bytes / CALLER_BYTES).unwrap_or(usize::MAX);
    let mut options = OptionsBuilder::new();
    options.estimated_items_capacity(most).weight_capacity(bytes);
    match options.build() {
        Ok(options) => {
            Cache::with_options(options, Bytes, BuildHasherDefault::default(), DefaultLifecycle::default())
        }
        Err(_) => Cache::with(most, bytes, Bytes, BuildHasherDefault::default(), DefaultLifecycle::default()),
    }
}

/// What an entry takes.
pub(super) trait Weighed {
    fn bytes(&self) -> u64;
}

impl Weighed for Who {
    fn bytes(&self) -> u64 {
        CALLER_BYTES + u64::try_from(self.texts.len() + self.places().len() * 8).unwrap_or(u64::MAX)
    }
}

impl Weighed for HeldKey {
    fn bytes(&self) -> u64 {
        self.who.bytes()
    }
}

impl Weighed for HeldToken {
    fn bytes(&self) -> u64 {
        let scopes = self.who.scopes().iter().map(|scope| scope.len()).sum::<usize>();
        self.who.bytes() + u64::try_from(scopes + self.audience.as_str().len()).unwrap_or(u64::MAX)
    }
}

/// Weighs entries in bytes.
#[derive(Clone)]
pub(super) struct Bytes;

impl<T: Weighed> Weighter<TokenHash, Arc<T>> for Bytes {
    fn weight(&self, _hash: &TokenHash, entry: &Arc<T>) -> u64 {
        entry.bytes()
    }
}

/// A hasher for what is a keyed hash already: its first eight bytes, which nobody outside can choose.
#[derive(Default)]
pub(super) struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some((first, _)) = bytes.split_first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}
}
