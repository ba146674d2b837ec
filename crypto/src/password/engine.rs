//! What computes one Argon2id hash: our own compression function where the processor has AVX2 (it halves what a
//! sign-in costs), else the `argon2` crate. The answers are the same; `docs/decisions/argon2-avx2.md` says why there
//! are two.

use super::{Arena, Params};
use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use doorward_argon2_fill::{Argon2id, Cost};
use thiserror::Error;

pub(super) use doorward_argon2_fill::Input;

/// Why a hash was not computed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HashFailed {
    /// The machine has no memory for it.
    #[error("there is no memory left for a password hash")]
    OutOfMemory,
    /// Argon2 refused its input, which validated parameters and salts never cause.
    #[error("the password could not be hashed: {0}")]
    Refused(String),
}

/// One of the two ways.
#[derive(Clone, Copy, Debug)]
pub struct Engine(Option<Argon2id>);

impl Engine {
    /// The `argon2` crate: on every processor.
    pub const fn plain() -> Self {
        Self(None)
    }

    /// The fastest this processor can do, which is then tried on a small hash. If the two ways differ, the processor or
    /// the build is broken: says so in the log and takes the plain one.
    pub fn fastest() -> Self {
        let fast = Self(Argon2id::detect());
        if fast.is_fast() && fast.sample() != Self::plain().sample() {
            tracing::warn!("the fast password hash differs from the plain one on this machine; not used");
            return Self::plain();
        }
        fast
    }

    /// Whether it is our own compression function.
    pub const fn is_fast(self) -> bool {
        self.0.is_some()
    }

    /// Computes the hash; it is as long as `output`.
    pub(super) fn hash(
        self,
        params: &Params,
        arena: &mut Arena,
        input: &Input<'_>,
        output: &mut [u8],
    ) -> Result<(), HashFailed> {
        let memory = arena.hold(params).ok_or(HashFailed::OutOfMemory)?;
        let Some(fast) = self.0 else {
            return plain(params, input, memory, output)
                .map_err(|error| HashFailed::Refused(error.to_string()));
        };
        let (memory_kib, passes, lanes) = (params.memory_kib(), params.passes(), params.lanes());
        let cost = Cost { memory_kib, passes, lanes };
        fast.hash_into(&cost, input, memory, output).map_err(|error| HashFailed::Refused(error.to_string()))
    }

    /// A hash in a millisecond that walks every branch: two passes, two lanes, more addresses than a block holds.
    fn sample(self) -> Option<[u8; 32]> {
        let params = Params::stored(1100, 2, 2).ok()?;
        let input = Input { password: b"password", salt: b"somesalt", secret: b"secret", data: b"data" };
        let mut output = [0; 32];
        self.hash(&params, &mut Arena::new(), &input, &mut output).ok()?;
        Some(output)
    }
}

fn plain(
    params: &Params,
    input: &Input<'_>,
    memory: &mut [argon2::Block],
    output: &mut [u8],
) -> argon2::Result<()> {
    let cost = ParamsBuilder::new()
        .m_cost(params.memory_kib())
        .t_cost(params.passes())
        .p_cost(params.lanes())
        .data(AssociatedData::new(input.data)?)
        .output_len(output.len())
        .build()?;
    let argon2 = Argon2::new_with_secret(input.secret, Algorithm::Argon2id, Version::V0x13, cost)?;
    argon2.hash_password_into_with_memory(input.password, input.salt, output, memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9106_section_5_3() {
        let params = Params::stored(32, 3, 4).unwrap();
        let input = Input { password: &[1; 32], salt: &[2; 16], secret: &[3; 8], data: &[4; 12] };
        for engine in [Engine::plain(), Engine::fastest()] {
            let mut tag = [0; 32];
            engine.hash(&params, &mut Arena::new(), &input, &mut tag).unwrap();
            let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
            assert_eq!(hex::encode(tag), expected, "{engine:?}");
        }
    }

    #[test]
    fn both_ways_agree_on_this_machine() {
        let fast = Engine(Argon2id::detect());
        assert!(fast.sample().is_some());
        assert_eq!(fast.sample(), Engine::plain().sample());
        assert_eq!(Engine::fastest().is_fast(), fast.is_fast());
    }
}
