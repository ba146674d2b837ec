//! The computation itself: one Argon2id hash in a given arena.
//!
//! `Hasher` adds what the server's hashes have in common (target parameters, pepper, the dummy). Which thread
//! computes when is `queue/`.

use super::phc::{OUTPUT_BYTES, PasswordHash, SALT_BYTES};
use super::queue::{HashRefused, NotStarted, Verdict};
use super::{Arena, Params, Pepper};
use crate::Random;
use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use doorward_model::Secret;
use std::sync::{Mutex, PoisonError};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

const UNKNOWN_PEPPER: &str =
    "a stored password hash was made with a pepper that is not configured; put the former pepper back";

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

/// One new hash, on the caller's thread: for the bench, which measures the raw rate in the same arena the server
/// uses. Everything else goes through `HashQueue`.
pub fn hash_once(
    params: &Params,
    arena: &mut Arena,
    pepper: Option<&Pepper>,
    password: &[u8],
    salt: &[u8; SALT_BYTES],
) -> Result<[u8; OUTPUT_BYTES], HashFailed> {
    let mut output = [0; OUTPUT_BYTES];
    let input = Input { password, salt, pepper: pepper.map(Pepper::bytes), data: &[] };
    argon2id(params, arena, &input, &mut output)?;
    Ok(output)
}

/// What goes into a hash (RFC 9106 §3.1: P, S, K, X).
struct Input<'a> {
    password: &'a [u8],
    salt: &'a [u8],
    pepper: Option<&'a [u8]>,
    data: &'a [u8],
}

fn argon2id(
    params: &Params,
    arena: &mut Arena,
    input: &Input<'_>,
    output: &mut [u8],
) -> Result<(), HashFailed> {
    let refused = |error: argon2::Error| HashFailed::Refused(error.to_string());
    let cost = ParamsBuilder::new()
        .m_cost(params.memory_kib())
        .t_cost(params.passes())
        .p_cost(params.lanes())
        .data(AssociatedData::new(input.data).map_err(refused)?)
        .output_len(output.len())
        .build()
        .map_err(refused)?;
    let secret = input.pepper.unwrap_or_default();
    let argon2 =
        Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, cost).map_err(refused)?;
    let memory = arena.hold(params).ok_or(HashFailed::OutOfMemory)?;
    argon2.hash_password_into_with_memory(input.password, input.salt, output, memory).map_err(refused)
}

/// The server's way of hashing, shared by its hashing threads.
#[derive(Debug)]
pub(super) struct Hasher {
    target: Params,
    pepper: Option<Pepper>,
    random: Random,
    dummy: PasswordHash,
    /// Held while a stored hash is checked that takes more memory than the target: one at a time, so that
    /// memory stays below threads × target + the one (P18).
    oversize: Mutex<()>,
}

impl Hasher {
    /// `target` and `pepper` are for new hashes; stored ones bring their own parameters.
    pub(super) fn new(target: Params, pepper: Option<Pepper>, random: Random) -> Result<Self, NotStarted> {
        let dummy = PasswordHash::of(target, pepper.as_ref(), random.bytes()?, random.bytes()?)?;
        Ok(Self { target, pepper, random, dummy, oversize: Mutex::new(()) })
    }

    /// The parameters of new hashes.
    pub(super) const fn target(&self) -> &Params {
        &self.target
    }

    /// Makes a new hash.
    pub(super) fn hash(&self, arena: &mut Arena, password: &Secret) -> Result<PasswordHash, HashRefused> {
        let salt = self.random.bytes().map_err(|error| HashRefused::Broken(error.to_string()))?;
        let pepper = self.pepper.as_ref();
        let output = hash_once(&self.target, arena, pepper, password.expose().as_bytes(), &salt)
            .map_err(|error| HashRefused::Broken(error.to_string()))?;
        PasswordHash::of(self.target, pepper, salt, output)
            .map_err(|error| HashRefused::Broken(error.to_string()))
    }

    /// Checks a password with exactly one hash, whatever is stored (P8).
    pub(super) fn verify(
        &self,
        arena: &mut Arena,
        password: &Secret,
        stored: Option<&PasswordHash>,
    ) -> Result<Verdict, HashRefused> {
        let Some(stored) = stored else {
            self.matches(arena, password, &self.dummy, self.pepper.as_ref())?;
            return Ok(Verdict::Mismatch);
        };
        let pepper = match &stored.pepper_id {
            None => None,
            Some(id) => match self.pepper.as_ref().filter(|pepper| pepper.id().as_slice() == id) {
                Some(pepper) => Some(pepper),
                None => {
                    // The one hash of this attempt all the same, so that the time tells nothing.
                    self.matches(arena, password, &self.dummy, self.pepper.as_ref())?;
                    return Err(HashRefused::Broken(UNKNOWN_PEPPER.to_owned()));
                }
            },
        };
        if self.matches(arena, password, stored, pepper)? {
            Ok(Verdict::Match { rehash: stored.is_outdated(&self.target, self.pepper.as_ref()) })
        } else {
            Ok(Verdict::Mismatch)
        }
    }

    fn matches(
        &self,
        arena: &mut Arena,
        password: &Secret,
        hash: &PasswordHash,
        pepper: Option<&Pepper>,
    ) -> Result<bool, HashRefused> {
        let is_oversize = hash.params.memory_kib() > self.target.memory_kib();
        // The lock guards memory, not data: a panic under it leaves nothing half-done.
        let alone = is_oversize.then(|| self.oversize.lock().unwrap_or_else(PoisonError::into_inner));
        let mut output = Zeroizing::new(vec![0; hash.output.len()]);
        let password = password.expose().as_bytes();
        let input = Input { password, salt: &hash.salt, pepper: pepper.map(Pepper::bytes), data: &[] };
        let computed = argon2id(&hash.params, arena, &input, &mut output);
        if is_oversize {
            arena.release();
        }
        drop(alone);
        computed.map_err(|error| HashRefused::Broken(error.to_string()))?;
        Ok(output.ct_eq(&hash.output).into())
    }
}

#[cfg(test)]
mod tests;
