//! Other processors: there is no AVX2, so nothing can be compressed with it.

use argon2::Block;

/// Never exists here.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Avx2 {}

/// Whether a block is written over or added to; see `avx2.rs`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Write {
    Over,
    Into,
}

impl Avx2 {
    pub(crate) const fn detect() -> Option<Self> {
        None
    }

    pub(crate) const fn compress(self, _: &Block, _: &Block, _: &mut Block, _: Write) {
        match self {}
    }
}
