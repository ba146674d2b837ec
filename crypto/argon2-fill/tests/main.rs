//! The same answers as RFC 9106 and as the plain crate. On a processor without AVX2 there is nothing to compare.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use argon2::{Algorithm, Argon2, AssociatedData, Block, ParamsBuilder, Version};
use doorward_argon2_fill::{Argon2id, Cost, Input, OutOfBounds};
use proptest::collection::vec;
use proptest::prelude::*;

fn ours(cost: Cost, input: &Input<'_>, output: usize, memory: &mut Vec<Block>) -> Option<Vec<u8>> {
    let mut hash = vec![0; output];
    memory.resize(memory.len().max(cost.memory_kib as usize), Block::new());
    Argon2id::detect()?.hash_into(&cost, input, memory, &mut hash).unwrap();
    Some(hash)
}

fn plain(cost: Cost, input: &Input<'_>, output: usize) -> Vec<u8> {
    let params = ParamsBuilder::new()
        .m_cost(cost.memory_kib)
        .t_cost(cost.passes)
        .p_cost(cost.lanes)
        .data(AssociatedData::new(input.data).unwrap())
        .output_len(output)
        .build()
        .unwrap();
    let argon2 = Argon2::new_with_secret(input.secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut hash = vec![0; output];
    argon2.hash_password_into(input.password, input.salt, &mut hash).unwrap();
    hash
}

#[test]
fn rfc_9106_section_5_3() {
    let input = Input { password: &[1; 32], salt: &[2; 16], secret: &[3; 8], data: &[4; 12] };
    let cost = Cost { memory_kib: 32, passes: 3, lanes: 4 };
    if let Some(hash) = ours(cost, &input, 32, &mut Vec::new()) {
        let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
        assert_eq!(hex::encode(hash), expected);
    }
}

#[test]
fn what_the_memory_held_before_does_not_matter() {
    let input = Input { password: b"correct horse", salt: &[7; 16], secret: &[], data: &[] };
    let mut memory = Vec::new();
    for (memory_kib, passes, lanes) in [(8, 1, 1), (2048, 2, 1), (64, 3, 2), (1031, 2, 3), (64, 1, 1)] {
        let cost = Cost { memory_kib, passes, lanes };
        if let Some(hash) = ours(cost, &input, 32, &mut memory) {
            assert_eq!(hash, plain(cost, &input, 32), "{cost:?}");
        }
    }
}

#[test]
fn what_the_rfc_does_not_allow_is_refused() {
    let Some(argon2id) = Argon2id::detect() else { return };
    let allowed = Cost { memory_kib: 16, passes: 1, lanes: 2 };
    let input = Input { password: b"", salt: &[7; 8], secret: &[], data: &[] };
    let mut memory = [Block::new(); 16];
    let mut hash = |cost: Cost, input: &Input<'_>, blocks: usize, output: usize| {
        argon2id.hash_into(&cost, input, &mut memory[..blocks], &mut vec![0; output])
    };
    assert_eq!(hash(allowed, &input, 16, 4), Ok(()));
    for cost in [
        Cost { memory_kib: 15, ..allowed },
        Cost { memory_kib: 0, ..allowed },
        Cost { passes: 0, ..allowed },
        Cost { lanes: 0, ..allowed },
        Cost { lanes: u32::MAX, ..allowed },
    ] {
        assert_eq!(hash(cost, &input, 16, 32), Err(OutOfBounds), "{cost:?}");
    }
    assert_eq!(hash(allowed, &input, 15, 32), Err(OutOfBounds));
    assert_eq!(hash(allowed, &input, 16, 3), Err(OutOfBounds));
    assert_eq!(hash(allowed, &Input { salt: &[7; 7], ..input }, 16, 32), Err(OutOfBounds));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_plain_crate_agrees(
        lanes in 1_u32..=4,
        // Beyond 512 KiB a lane's segment has more than one block of addresses.
        per_lane in 8_u32..=700,
        passes in 1_u32..=4,
        output in 4_usize..=200,
        password in vec(any::<u8>(), 0..=200),
        salt in vec(any::<u8>(), 8..=64),
        secret in vec(any::<u8>(), 0..=40),
        data in vec(any::<u8>(), 0..=32),
    ) {
        let cost = Cost { memory_kib: lanes * per_lane + (lanes - 1), passes, lanes };
        let input = Input { password: &password, salt: &salt, secret: &secret, data: &data };
        if let Some(hash) = ours(cost, &input, output, &mut Vec::new()) {
            prop_assert_eq!(hash, plain(cost, &input, output));
        }
    }
}
