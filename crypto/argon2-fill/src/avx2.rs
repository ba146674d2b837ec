//! Argon2's compression function G and its permutation P (RFC 9106 §3.5, §3.6), four 64-bit words at a time.
//!
//! A block is 8 rows of 16 words. P is BLAKE2b's round on 16 words, seen as a 4×4 square: four mixes down the columns,
//! four down the diagonals. It runs on each row of the block, then on each pair of its columns.
//! The only `unsafe` of the workspace: 32-byte loads and stores from arrays of that length, and the step from
//! "AVX2 was detected" into code that is compiled for it.

use argon2::Block;
use std::arch::x86_64::{
    __m256i as Words, _mm256_add_epi64, _mm256_alignr_epi8, _mm256_loadu_si256, _mm256_mul_epu32,
    _mm256_permute4x64_epi64, _mm256_set_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_shuffle_epi32, _mm256_srli_epi64, _mm256_storeu_si256, _mm256_xor_si256,
};

/// Proof that the processor has AVX2: made by looking, and in no other way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

/// Whether a block is written over (the first pass) or added to (the later ones).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Over,
    Into,
}

impl Avx2 {
    /// Looks; the answer is remembered by the standard library.
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }

    /// `next` becomes G(previous, reference), or that is added (XOR) to it.
    pub(crate) fn compress(self, previous: &Block, reference: &Block, next: &mut Block, write: Write) {
        #[expect(unsafe_code, reason = "into code compiled for AVX2")]
        // SAFETY: `self` exists only where AVX2 was detected.
        unsafe {
            compress(previous, reference, next, write);
        }
    }
}

#[target_feature(enable = "avx2")]
fn compress(previous: &Block, reference: &Block, next: &mut Block, write: Write) {
    let mut state = [_mm256_setzero_si256(); Block::SIZE / size_of::<Words>()];
    for ((words, previous), reference) in state.iter_mut().zip(quads(previous)).zip(quads(reference)) {
        *words = _mm256_xor_si256(load(previous), load(reference));
    }
    rows(&mut state);
    columns(&mut state);
    let (next, _) = next.as_mut().as_chunks_mut();
    for (((words, next), previous), reference) in
        state.iter().zip(next).zip(quads(previous)).zip(quads(reference))
    {
        let mut sum = _mm256_xor_si256(*words, _mm256_xor_si256(load(previous), load(reference)));
        if write == Write::Into {
            sum = _mm256_xor_si256(sum, load(next));
        }
        store(next, sum);
    }
}

/// A block's words in fours.
fn quads(block: &Block) -> &[[u64; 4]] {
    block.as_ref().as_chunks().0
}

#[target_feature(enable = "avx2")]
#[inline]
fn load(words: &[u64; 4]) -> Words {
    #[expect(unsafe_code, reason = "a load through a pointer")]
    // SAFETY: the array is 32 bytes long, and the load needs no alignment.
    unsafe {
        _mm256_loadu_si256(words.as_ptr().cast())
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn store(to: &mut [u64; 4], words: Words) {
    #[expect(unsafe_code, reason = "a store through a pointer")]
    // SAFETY: the array is 32 bytes long and ours to write, and the store needs no alignment.
    unsafe {
        _mm256_storeu_si256(to.as_mut_ptr().cast(), words);
    }
}

/// P on each row of the block: a row of the square is one vector.
#[target_feature(enable = "avx2")]
#[inline]
fn rows(state: &mut [Words; 32]) {
    let (rows, _) = state.as_chunks_mut();
    for row in rows {
        let [a, b, c, d] = mix(*row);
        // Turned by one, two and three, the diagonals stand where the columns were.
        let [a, b, c, d] = mix([
            a,
            _mm256_permute4x64_epi64::<0b00_11_10_01>(b),
            _mm256_permute4x64_epi64::<0b01_00_11_10>(c),
            _mm256_permute4x64_epi64::<0b10_01_00_11>(d),
        ]);
        *row = [
            a,
            _mm256_permute4x64_epi64::<0b10_01_00_11>(b),
            _mm256_permute4x64_epi64::<0b01_00_11_10>(c),
            _mm256_permute4x64_epi64::<0b00_11_10_01>(d),
        ];
    }
}

/// P on each pair of the block's columns. A vector holds two neighbouring words of two such pairs, so two squares are
/// permuted at once, each row of theirs in two vectors.
#[target_feature(enable = "avx2")]
#[inline]
fn columns(state: &mut [Words; 32]) {
    for place in 0..4 {
        #[expect(clippy::indexing_slicing, reason = "8 rows of 4 vectors; the compiler unrolls and sees it")]
        let [a0, a1, b0, b1, c0, c1, d0, d1] = [
            state[place],
            state[place + 4],
            state[place + 8],
            state[place + 12],
            state[place + 16],
            state[place + 20],
            state[place + 24],
            state[place + 28],
        ];
        let ([a0, b0, c0, d0], [a1, b1, c1, d1]) = (mix([a0, b0, c0, d0]), mix([a1, b1, c1, d1]));
        // The same turns across the two vectors of a row; a turn by two only swaps them.
        let first = mix([a0, across(b0, b1), c1, across(d1, d0)]);
        let second = mix([a1, across(b1, b0), c0, across(d0, d1)]);
        let ([a0, b0, c1, d0], [a1, b1, c0, d1]) = (first, second);
        let turned = [a0, a1, across(b1, b0), across(b0, b1), c0, c1, across(d0, d1), across(d1, d0)];
        for (row, words) in turned.into_iter().enumerate() {
            #[expect(clippy::indexing_slicing, reason = "as above")]
            {
                state[place + 4 * row] = words;
            }
        }
    }
}

/// The upper word of the first and the lower word of the second, in each half.
#[target_feature(enable = "avx2")]
#[inline]
fn across(first: Words, second: Words) -> Words {
    _mm256_alignr_epi8::<8>(second, first)
}

/// BLAKE2b's mix with Argon2's multiplication (RFC 9106 §3.6: GB), on four columns of a square.
#[target_feature(enable = "avx2")]
#[inline]
fn mix([a, b, c, d]: [Words; 4]) -> [Words; 4] {
    let a = add_and_multiply(a, b);
    let d = right_32(_mm256_xor_si256(d, a));
    let c = add_and_multiply(c, d);
    let b = right_24(_mm256_xor_si256(b, c));
    let a = add_and_multiply(a, b);
    let d = right_16(_mm256_xor_si256(d, a));
    let c = add_and_multiply(c, d);
    let b = right_63(_mm256_xor_si256(b, c));
    [a, b, c, d]
}

/// x + y + 2 · lower half of x · lower half of y.
#[target_feature(enable = "avx2")]
#[inline]
fn add_and_multiply(x: Words, y: Words) -> Words {
    let product = _mm256_mul_epu32(x, y);
    _mm256_add_epi64(_mm256_add_epi64(x, y), _mm256_add_epi64(product, product))
}

#[target_feature(enable = "avx2")]
#[inline]
fn right_32(words: Words) -> Words {
    _mm256_shuffle_epi32::<0b10_11_00_01>(words)
}

#[target_feature(enable = "avx2")]
#[inline]
fn right_24(words: Words) -> Words {
    let bytes = _mm256_set_epi8(
        10, 9, 8, 15, 14, 13, 12, 11, 2, 1, 0, 7, 6, 5, 4, 3, //
        10, 9, 8, 15, 14, 13, 12, 11, 2, 1, 0, 7, 6, 5, 4, 3,
    );
    _mm256_shuffle_epi8(words, bytes)
}

#[target_feature(enable = "avx2")]
#[inline]
fn right_16(words: Words) -> Words {
    let bytes = _mm256_set_epi8(
        9, 8, 15, 14, 13, 12, 11, 10, 1, 0, 7, 6, 5, 4, 3, 2, //
        9, 8, 15, 14, 13, 12, 11, 10, 1, 0, 7, 6, 5, 4, 3, 2,
    );
    _mm256_shuffle_epi8(words, bytes)
}

/// A turn to the right by 63 is one to the left by 1.
#[target_feature(enable = "avx2")]
#[inline]
fn right_63(words: Words) -> Words {
    _mm256_xor_si256(_mm256_srli_epi64::<63>(words), _mm256_add_epi64(words, words))
}
