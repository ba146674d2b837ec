//! What a hash costs.

use thiserror::Error;

/// The least strengths the OWASP Password Storage Cheat Sheet accepts: (memory in KiB, passes).
const OWASP_LEAST: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// 1 GiB for one hash: beyond it a handful of sign-ins fill the machine, so it is a slip of the pen.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;

/// More passes than this take seconds at any memory OWASP accepts.
const MAX_PASSES: u32 = 64;

/// Lanes are computed one after the other here, so more of them buy nothing; imported hashes may have a few.
const MAX_LANES: u32 = 16;

/// RFC 9106 §3.1: at least 8 KiB for each lane.
const LEAST_KIB_PER_LANE: u32 = 8;

/// The cost of one Argon2id hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Params {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why parameters were refused; the text is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidParams {
    /// Outside what any hash may ask for.
    #[error(
        "a password hash takes {LEAST_KIB_PER_LANE} KiB per lane to {MAX_MEMORY_KIB} KiB of memory, 1 to {MAX_PASSES} passes and 1 to {MAX_LANES} lanes"
    )]
    OutOfBounds,
    /// Weaker than OWASP accepts for a new hash.
    #[error(
        "these hashing parameters are weaker than OWASP accepts: use memory_kib = 19456 with passes = 2, or 47104 with 1, 12288 with 3, 9216 with 4, 7168 with 5, or more"
    )]
    Weak,
}

impl Params {
    /// OWASP's recommendation: 19 MiB, two passes, one lane (P6).
    pub const OWASP: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// Parameters for new hashes, at OWASP's least strength or above.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, InvalidParams> {
        let params = Self::stored(memory_kib, passes, lanes)?;
        let strong = OWASP_LEAST.iter().any(|&(memory, least)| memory_kib >= memory && passes >= least);
        if strong { Ok(params) } else { Err(InvalidParams::Weak) }
    }

    /// Tests only: 64 KiB and one pass, so that a suite of thousands of sign-ins takes seconds.
    pub const fn cheap() -> Self {
        Self { memory_kib: 64, passes: 1, lanes: 1 }
    }

    /// Parameters read from a stored hash: weak ones are allowed, absurd ones are not.
    pub(super) fn stored(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, InvalidParams> {
        let within = (1..=MAX_LANES).contains(&lanes)
            && (1..=MAX_PASSES).contains(&passes)
            && (LEAST_KIB_PER_LANE * lanes..=MAX_MEMORY_KIB).contains(&memory_kib);
        if within { Ok(Self { memory_kib, passes, lanes }) } else { Err(InvalidParams::OutOfBounds) }
    }

    /// Memory in KiB.
    pub const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes.
    pub const fn lanes(&self) -> u32 {
        self.lanes
    }

    /// Memory in bytes.
    pub const fn memory_bytes(&self) -> u64 {
        self.memory_kib as u64 * 1024
    }

    /// Whether a hash made with these should be made anew with `target`.
    pub(super) const fn is_weaker_than(&self, target: &Self) -> bool {
        self.memory_kib < target.memory_kib || self.passes < target.passes
    }
}

impl Default for Params {
    fn default() -> Self {
        Self::OWASP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_hashes_are_never_weaker_than_owasp() {
        assert_eq!(Params::new(19_456, 2, 1), Ok(Params::OWASP));
        assert!(Params::new(47_104, 1, 1).is_ok());
        assert!(Params::new(7_168, 6, 2).is_ok());
        assert_eq!(Params::new(19_455, 2, 1), Err(InvalidParams::Weak));
        assert_eq!(Params::new(19_456, 1, 1), Err(InvalidParams::Weak));
    }

    #[test]
    fn absurd_costs_are_refused() {
        assert_eq!(Params::stored(u32::MAX, 2, 1), Err(InvalidParams::OutOfBounds));
        assert_eq!(Params::stored(19_456, 0, 1), Err(InvalidParams::OutOfBounds));
        assert_eq!(Params::stored(8, 1, 2), Err(InvalidParams::OutOfBounds));
        assert!(Params::stored(8, 1, 1).is_ok());
    }
}
