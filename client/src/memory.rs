//! Answers that may be used again: until the assertion that came with one expires, and never longer than an assertion
//! lives, whatever this machine's clock says. Found by a keyed hash, so what is kept holds no credential.

use crate::assertions::lifetime;
use crate::clock::Moment;
use crate::denied::Denied;
use crate::flights::Flights;
use crate::identity::Identity;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

/// The longest an answer is used: the life of an assertion (verify.md).
const LONGEST: Duration = Duration::from_secs(60);
/// What is kept, weighed by the length of the answers: some ten thousand callers of one minute.
const KEPT_BYTES: u64 = 16 << 20;
/// What one weighs beside its answer: a guess at the table's and the allocator's share.
const ENTRY_BYTES: u64 = 512;
/// A usual one, for the size of the table.
const USUAL_BYTES: u64 = 1_536;

/// A question, hashed with a key that this process made for itself and never shows.
pub(crate) type Digest = [u8; 32];

/// Answers, and questions under way.
pub(crate) struct Memory {
    key: hmac::Key,
    kept: Cache<Digest, Arc<Kept>, Bytes>,
    pub(crate) flights: Arc<Flights<Digest, Result<Identity, Denied>>>,
}

struct Kept {
    identity: Identity,
    /// By both clocks; the first that is reached ends it.
    until: Moment,
    bytes: u64,
}

impl Memory {
    pub(crate) fn new() -> Result<Self, Unspecified> {
        let entries = usize::try_from(KEPT_BYTES / USUAL_BYTES).unwrap_or(usize::MAX);
        Ok(Self {
            key: hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new())?,
            kept: Cache::with_weighter(entries, KEPT_BYTES, Bytes),
            flights: Arc::new(Flights::new()),
        })
    }

    /// `None` if the hash is none of ours, which the library rules out.
    pub(crate) fn digest(&self, question: &[u8]) -> Option<Digest> {
        hmac::sign(&self.key, question).as_ref().try_into().ok()
    }

    pub(crate) fn get(&self, question: &Digest, now: Moment) -> Option<Identity> {
        let kept = self.kept.get(question)?;
        let is_good = now.unix < kept.until.unix && now.steady < kept.until.steady;
        is_good.then(|| kept.identity.clone())
    }

    /// Keeps an answer of so many bytes to a question of that moment, if an assertion says until when.
    pub(crate) fn keep(
        &self,
        question: Digest,
        identity: &Identity,
        assertion: Option<&str>,
        asked: Moment,
        bytes: usize,
    ) {
        let Some((issued, expires)) = assertion.and_then(lifetime) else { return };
        let life = expires.saturating_sub(issued).min(LONGEST);
        let until = Moment { unix: expires, steady: asked.steady.saturating_add(life) };
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.kept.insert(question, Arc::new(Kept { identity: identity.clone(), until, bytes }));
    }
}

/// Weighs entries in bytes.
#[derive(Clone)]
struct Bytes;

impl Weighter<Digest, Arc<Kept>> for Bytes {
    fn weight(&self, _: &Digest, kept: &Arc<Kept>) -> u64 {
        ENTRY_BYTES.saturating_add(kept.bytes)
    }
}
