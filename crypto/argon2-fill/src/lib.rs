//! Argon2id, version 0x13 (RFC 9106), with a compression function for processors that have AVX2.
//!
//! The same answers as the `argon2` crate, in the same memory, in about two thirds of its time. `avx2.rs` is the
//! compression function and the only place in the workspace with `unsafe`; `fill.rs` walks the memory; `blake2b.rs`
//! is the hash at both ends. Not here: who may hash, how much it costs, and what to do without AVX2
//! (`crypto/src/password/engine.rs`). Start with [`Argon2id::detect`].

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(not(target_arch = "x86_64"))]
#[path = "elsewhere.rs"]
mod avx2;
mod blake2b;
mod fill;

use avx2::Avx2;
use blake2b::{initial, long};
use fill::{Fill, Layout};
use thiserror::Error;
use zeroize::Zeroize;

pub use argon2::Block;

/// What a hash costs (RFC 9106 §3.1: m, t, p).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB; at least eight for each lane.
    pub memory_kib: u32,
    /// Passes over the memory, at least one.
    pub passes: u32,
    /// Lanes, at least one; computed one after the other.
    pub lanes: u32,
}

/// What is hashed (RFC 9106 §3.1: P, S, K, X). Nothing may be longer than 2^32 − 1 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The password.
    pub password: &'a [u8],
    /// The salt, at least eight bytes.
    pub salt: &'a [u8],
    /// The secret beside it, or nothing.
    pub secret: &'a [u8],
    /// Associated data, or nothing.
    pub data: &'a [u8],
}

/// The cost, an input or the output is outside the bounds of RFC 9106 §3.1, or the memory is too small for the cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("Argon2id does not allow these parameters, lengths or memory")]
pub struct OutOfBounds;

/// The function, on a processor that was seen to have what it needs.
#[derive(Clone, Copy, Debug)]
pub struct Argon2id(Avx2);

impl Argon2id {
    /// `None` where the processor has no AVX2.
    pub fn detect() -> Option<Self> {
        Avx2::detect().map(Self)
    }

    /// Writes the hash to `output`, four bytes or more. `memory` holds `cost.memory_kib` blocks or more; what was in it
    /// does not matter, and what is in it afterwards is secret.
    pub fn hash_into(
        self,
        cost: &Cost,
        input: &Input<'_>,
        memory: &mut [Block],
        output: &mut [u8],
    ) -> Result<(), OutOfBounds> {
        let layout = Layout::of(cost).ok_or(OutOfBounds)?;
        let memory = memory.get_mut(..layout.blocks()).ok_or(OutOfBounds)?;
        let mut start = initial(cost, input, output.len()).ok_or(OutOfBounds)?;
        let mut fill = Fill::new(self.0, layout, memory);
        let filled = fill.begin(&start).and_then(|()| {
            fill.run()?;
            let mut last = fill.last()?;
            let hashed = long(&[&last], output);
            last.zeroize();
            hashed
        });
        start.zeroize();
        filled.ok_or(OutOfBounds)
    }
}
