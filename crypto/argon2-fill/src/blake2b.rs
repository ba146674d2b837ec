//! BLAKE2b as Argon2 uses it: the initial hash H0 and the hash of any length H' (RFC 9106 §3.2, §3.3).

use crate::{Cost, Input};
use blake2::digest::block_api::{UpdateCore, VariableOutputCore};
use blake2::digest::block_buffer::LazyBuffer;
use blake2::{Blake2b512, Blake2bVarCore, Digest};

/// Bytes of the longest BLAKE2b hash, and of H0.
const FULL: usize = 64;

/// Bytes that H' takes of each hash but the last.
const HALF: usize = 32;

/// RFC 9106 §3.1.
const LEAST_OUTPUT: usize = 4;
const LEAST_SALT: usize = 8;

/// Argon2's version 1.3 and its type `id` (RFC 9106 §3.1: v, y).
const VERSION: u32 = 0x13;
pub(crate) const ARGON2ID: u32 = 2;

/// H0: everything that goes into the hash, in one. `None` if something is longer or shorter than allowed.
pub(crate) fn initial(cost: &Cost, input: &Input<'_>, output: usize) -> Option<[u8; FULL]> {
    if output < LEAST_OUTPUT || input.salt.len() < LEAST_SALT {
        return None;
    }
    let output = u32::try_from(output).ok()?;
    let mut hash = Blake2b512::new();
    for number in [cost.lanes, output, cost.memory_kib, cost.passes, VERSION, ARGON2ID] {
        hash.update(number.to_le_bytes());
    }
    for bytes in [input.password, input.salt, input.secret, input.data] {
        hash.update(u32::try_from(bytes.len()).ok()?.to_le_bytes());
        hash.update(bytes);
    }
    Some(hash.finalize().into())
}

/// H': a hash as long as `output`, of `parts` one after the other. `None` if it is empty or longer than allowed.
pub(crate) fn long(parts: &[&[u8]], output: &mut [u8]) -> Option<()> {
    let length = u32::try_from(output.len()).ok()?.to_le_bytes();
    if output.len() <= FULL {
        return short(&length, parts, output);
    }
    let mut hash = Blake2b512::new();
    hash.update(length);
    parts.iter().for_each(|part| hash.update(part));
    let mut last = hash.finalize();
    let mut rest = output;
    loop {
        let (piece, others) = rest.split_at_mut_checked(HALF)?;
        piece.copy_from_slice(last.get(..HALF)?);
        rest = others;
        if rest.len() <= FULL {
            return short(&last, &[], rest);
        }
        last = Blake2b512::digest(last);
    }
}

/// BLAKE2b of up to 64 bytes, a length it takes into account.
fn short(first: &[u8], parts: &[&[u8]], output: &mut [u8]) -> Option<()> {
    let mut hash = Blake2bVarCore::new(output.len()).ok()?;
    let mut buffer = LazyBuffer::new(first);
    for part in parts {
        buffer.digest_blocks(part, |blocks| hash.update_blocks(blocks));
    }
    let mut full = Default::default();
    hash.finalize_variable_core(&mut buffer, &mut full);
    output.copy_from_slice(full.get(..output.len())?);
    Some(())
}
