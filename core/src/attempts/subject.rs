//! What is counted, by name: a keyed hash, so that a row exists for unknown accounts too, and tells nobody which account
//! or address it is.

use crate::Core;
use doorward_crypto::HashPurpose;
use doorward_model::PoolId;

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
