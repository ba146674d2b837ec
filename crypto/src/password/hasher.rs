//! What the server's hashes have in common: target parameters, pepper, the dummy, and memory that stays bounded.
//!
//! The computation itself is `engine.rs`; which thread computes when is `queue/`.

use super::engine::Input;
use super::phc::{OUTPUT_BYTES, PasswordHash, SALT_BYTES};
use super::queue::{HashRefused, NotStarted, Verdict};
use super::{Arena, Engine, HashFailed, Params, Pepper};
use crate::Random;
use doorward_model::{HashScheme, Secret};
use std::sync::{Mutex, PoisonError};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const UNKNOWN_PEPPER: &str =
    "a stored password hash was made with a pepper that is not configured; put the former pepper back";

/// One new hash, on the caller's thread: for the bench, which measures the raw rate in the same arena the server
/// uses. Everything else goes through `HashQueue`.
pub fn hash_once(
    engine: Engine,
    params: &Params,
    arena: &mut Arena,
    pepper: Option<&Pepper>,
    password: &[u8],
    salt: &[u8; SALT_BYTES],
) -> Result<[u8; OUTPUT_BYTES], HashFailed> {
    let mut output = [0; OUTPUT_BYTES];
    engine.hash(params, arena, &input(password, salt, pepper), &mut output)?;
    Ok(output)
}

fn input<'a>(password: &'a [u8], salt: &'a [u8], pepper: Option<&'a Pepper>) -> Input<'a> {
    Input { password, salt, secret: pepper.map(Pepper::bytes).unwrap_or_default(), data: &[] }
}

/// The server's way of hashing, shared by its hashing threads.
#[derive(Debug)]
pub(super) struct Hasher {
    engine: Engine,
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
    pub(super) fn new(
        engine: Engine,
        target: Params,
        pepper: Option<Pepper>,
        random: Random,
    ) -> Result<Self, NotStarted> {
        let dummy = PasswordHash::of(target, pepper.as_ref(), random.bytes()?, random.bytes()?)?;
        Ok(Self { engine, target, pepper, random, dummy, oversize: Mutex::new(()) })
    }

    /// The parameters of new hashes.
    pub(super) const fn target(&self) -> &Params {
        &self.target
    }

    /// Of which kind new hashes are.
    pub(super) fn scheme(&self) -> HashScheme {
        HashScheme::of(self.dummy.as_str())
    }

    /// Makes a new hash.
    pub(super) fn hash(&self, arena: &mut Arena, password: &Secret) -> Result<PasswordHash, HashRefused> {
        let salt = self.random.bytes().map_err(|error| HashRefused::Broken(error.to_string()))?;
        let pepper = self.pepper.as_ref();
        let output = hash_once(self.engine, &self.target, arena, pepper, password.expose().as_bytes(), &salt)
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
        let input = input(password, &hash.salt, pepper);
        let computed = self.engine.hash(&hash.params, arena, &input, &mut output);
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
