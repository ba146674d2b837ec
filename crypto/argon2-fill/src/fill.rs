//! Filling the memory (RFC 9106 §3.2, §3.4): which block is made from which.
//!
//! The memory is a matrix, a row per lane, cut into four slices; where a slice crosses a lane is a segment. A block is
//! compressed from the one before it and one chosen by 64 bits, taken in the first half of the first pass from a
//! sequence that does not depend on the password, later from the block before.

use crate::Cost;
use crate::avx2::{Avx2, Write};
use crate::blake2b::{ARGON2ID, long};
use argon2::Block;
use zeroize::Zeroize;

/// Slices of a lane (RFC 9106 §3.4: SL).
const SLICES: usize = 4;

/// The first slices of the first pass, where addresses do not depend on the password.
const INDEPENDENT_SLICES: usize = SLICES / 2;

/// Blocks that H' makes at the start of each lane.
const FIRST_BLOCKS: usize = 2;

/// RFC 9106 §3.1: at least two blocks for each segment.
const LEAST_PER_LANE: usize = 2 * SLICES;

/// 64-bit words of a block, and so addresses made at once.
const WORDS: usize = Block::SIZE / 8;

/// The matrix.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    passes: usize,
    lanes: usize,
    segment: usize,
}

impl Layout {
    /// `None` if a number is zero or a lane would be too short. Memory that does not fill a whole matrix is not used.
    pub(crate) fn of(cost: &Cost) -> Option<Self> {
        let number = |number: u32| usize::try_from(number).ok().filter(|number| *number > 0);
        let (memory, passes, lanes) = (number(cost.memory_kib)?, number(cost.passes)?, number(cost.lanes)?);
        let is_enough = memory >= LEAST_PER_LANE.checked_mul(lanes)?;
        is_enough.then(|| Self { passes, lanes, segment: memory / (lanes * SLICES) })
    }

    /// Blocks it takes.
    pub(crate) const fn blocks(self) -> usize {
        self.lanes * self.lane()
    }

    /// Blocks of a lane.
    const fn lane(self) -> usize {
        self.segment * SLICES
    }
}

/// A segment, and the pass that fills it.
#[derive(Clone, Copy, Debug)]
struct Segment {
    pass: usize,
    slice: usize,
    lane: usize,
}

/// The memory while it is filled. `None` anywhere would be a block outside of it, which the arithmetic excludes.
pub(crate) struct Fill<'a> {
    avx2: Avx2,
    layout: Layout,
    memory: &'a mut [Block],
}

impl<'a> Fill<'a> {
    /// `memory` has `layout.blocks()` blocks.
    pub(crate) const fn new(avx2: Avx2, layout: Layout, memory: &'a mut [Block]) -> Self {
        Self { avx2, layout, memory }
    }

    /// Makes the first two blocks of each lane from H0.
    pub(crate) fn begin(&mut self, start: &[u8; 64]) -> Option<()> {
        let mut bytes = [0; Block::SIZE];
        for (lane, blocks) in (0_u32..).zip(self.memory.chunks_exact_mut(self.layout.lane())) {
            for (column, block) in (0_u32..).zip(blocks.iter_mut().take(FIRST_BLOCKS)) {
                long(&[start, &column.to_le_bytes(), &lane.to_le_bytes()], &mut bytes)?;
                let (words, _) = bytes.as_chunks();
                for (word, bytes) in block.as_mut().iter_mut().zip(words) {
                    *word = u64::from_le_bytes(*bytes);
                }
            }
        }
        bytes.zeroize();
        Some(())
    }

    /// All passes. Lanes of a slice are independent of one another; here they follow one another.
    pub(crate) fn run(&mut self) -> Option<()> {
        for pass in 0..self.layout.passes {
            for slice in 0..SLICES {
                for lane in 0..self.layout.lanes {
                    self.segment(Segment { pass, slice, lane })?;
                }
            }
        }
        Some(())
    }

    /// The last blocks of all lanes, added up (RFC 9106 §3.2: C).
    pub(crate) fn last(&self) -> Option<[u8; Block::SIZE]> {
        let mut sum = [0; Block::SIZE];
        for lane in self.memory.chunks_exact(self.layout.lane()) {
            let (words, _) = sum.as_chunks_mut();
            for (bytes, word) in words.iter_mut().zip(lane.last()?.as_ref()) {
                *bytes = (u64::from_le_bytes(*bytes) ^ word).to_le_bytes();
            }
        }
        Some(sum)
    }

    fn segment(&mut self, at: Segment) -> Option<()> {
        let Layout { lanes, segment, .. } = self.layout;
        let lane = self.layout.lane();
        let mut addresses = at.is_independent().then(|| Addresses::new(self.avx2, self.layout, at));
        let write = if at.pass == 0 { Write::Over } else { Write::Into };
        // Nothing is finished yet in the other lanes, and `begin` made the first blocks of this one.
        let is_start = at.pass == 0 && at.slice == 0;
        let first = if is_start { FIRST_BLOCKS } else { 0 };
        for index in first..segment {
            let column = at.slice * segment + index;
            let previous = at.lane * lane + if column == 0 { lane } else { column } - 1;
            let random = match &mut addresses {
                Some(addresses) => addresses.get(index)?,
                None => *self.memory.get(previous)?.as_ref().first()?,
            };
            let from_lane = if is_start { at.lane } else { remainder(random >> 32, lanes)? };
            let reference = from_lane * lane + self.column(at, index, from_lane == at.lane, random)?;
            // Never one and the same: a lane's own area leaves out the block before, and other lanes never hold it.
            let [previous, reference, next] =
                self.memory.get_disjoint_mut([previous, reference, at.lane * lane + column]).ok()?;
            self.avx2.compress(previous, reference, next, write);
        }
        Some(())
    }

    /// The column of the reference block (RFC 9106 §3.4.2): a number from 64 bits, smaller ones less often, in the area
    /// that is finished and not about to be overwritten.
    fn column(&self, at: Segment, index: usize, is_own_lane: bool, random: u64) -> Option<usize> {
        let Layout { segment, .. } = self.layout;
        let finished = if at.pass == 0 { at.slice } else { SLICES - 1 } * segment;
        let area = match (is_own_lane, index) {
            (true, _) => finished + index - 1,
            (false, 0) => finished - 1,
            (false, _) => finished,
        };
        let low = random & u64::from(u32::MAX);
        let square = (low * low) >> 32;
        let back = (u64::try_from(area).ok()? * square) >> 32;
        let start = if at.pass == 0 { 0 } else { (at.slice + 1) * segment };
        Some((start + area - 1 - usize::try_from(back).ok()?) % self.layout.lane())
    }
}

impl Segment {
    /// Whether its addresses are the same for every password.
    const fn is_independent(self) -> bool {
        self.pass == 0 && self.slice < INDEPENDENT_SLICES
    }
}

/// The addresses of a segment that do not depend on the password (RFC 9106 §3.4.1.2), 128 at a time.
struct Addresses {
    avx2: Avx2,
    input: Block,
    block: Block,
    made: usize,
}

impl Addresses {
    fn new(avx2: Avx2, layout: Layout, at: Segment) -> Self {
        let numbers = [at.pass, at.lane, at.slice, layout.blocks(), layout.passes];
        let mut input = Block::new();
        for (word, number) in input.as_mut().iter_mut().zip(numbers) {
            *word = number as u64;
        }
        if let Some(word) = input.as_mut().get_mut(numbers.len()) {
            *word = ARGON2ID.into();
        }
        Self { avx2, input, block: Block::new(), made: 0 }
    }

    /// The 64 bits for a block of the segment; asked for in order.
    fn get(&mut self, index: usize) -> Option<u64> {
        while self.made <= index / WORDS {
            self.made += 1;
            self.make()?;
        }
        self.block.as_ref().get(index % WORDS).copied()
    }

    fn make(&mut self) -> Option<()> {
        /// Where the counter stands in the input block.
        const COUNTER: usize = 6;
        *self.input.as_mut().get_mut(COUNTER)? = self.made as u64;
        let (zero, mut once) = (Block::new(), Block::new());
        self.avx2.compress(&zero, &self.input, &mut once, Write::Over);
        self.avx2.compress(&zero, &once, &mut self.block, Write::Over);
        Some(())
    }
}

/// `number mod divisor`, for a divisor that fits.
fn remainder(number: u64, divisor: usize) -> Option<usize> {
    usize::try_from(number % u64::try_from(divisor).ok()?).ok()
}
