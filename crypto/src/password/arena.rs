//! The memory one hashing thread computes in.
//!
//! Kept between hashes, because fetching 19 MiB of fresh pages costs half as much as the hash; given back when
//! the thread has been idle, because an identity server idles most of the day.

use super::Params;
use argon2::Block;
use zeroize::Zeroize;

/// Address space (not memory) reserved at once, in blocks of 1 KiB. glibc keeps what it frees for later unless the
/// piece was larger than 32 MiB; a reservation above that is always a mapping of its own and really goes back.
/// Pages nobody wrote to take no memory.
const RESERVED_BLOCKS: usize = 33 * 1024;

/// Memory for one hash at a time; grows to what is asked for, never shrinks except by [`Arena::release`].
#[derive(Debug, Default)]
pub struct Arena {
    blocks: Vec<Block>,
}

impl Arena {
    /// Holds nothing yet.
    pub const fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    /// Bytes held now.
    pub const fn bytes(&self) -> usize {
        self.blocks.len() * Block::SIZE
    }

    /// Wipes the memory and gives it back to the operating system: it holds what a guesser could use.
    pub fn release(&mut self) {
        self.blocks.iter_mut().for_each(Zeroize::zeroize);
        self.blocks = Vec::new();
    }

    /// Room for one hash; `None` if the machine has no memory left.
    pub(super) fn hold(&mut self, params: &Params) -> Option<&mut [Block]> {
        let needed = usize::try_from(params.memory_kib()).ok()?;
        if self.blocks.len() < needed {
            self.grow(needed)?;
        }
        self.blocks.get_mut(..needed)
    }

    fn grow(&mut self, needed: usize) -> Option<()> {
        if self.blocks.capacity() < needed {
            // Released first: growing in place would hold, and copy, both the old and the new memory.
            self.release();
            self.blocks.try_reserve_exact(needed.max(RESERVED_BLOCKS)).ok()?;
        }
        self.blocks.resize(needed, Block::new());
        Some(())
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_kept_between_hashes_and_given_back_on_release() {
        let mut arena = Arena::new();
        let cheap = Params::cheap();
        let larger = Params::stored(128, 1, 1).unwrap();
        assert_eq!(arena.hold(&cheap).unwrap().len(), 64);
        assert_eq!(arena.hold(&larger).unwrap().len(), 128);
        assert_eq!(arena.hold(&cheap).unwrap().len(), 64);
        assert_eq!(arena.bytes(), 128 * 1024);
        arena.release();
        assert_eq!(arena.bytes(), 0);
    }
}
