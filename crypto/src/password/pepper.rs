//! The pepper: a secret from configuration that goes into every hash, so that a stolen database alone
//! cannot be guessed at (P6).

use doorward_model::Secret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// A pepper shorter than this could be guessed together with the passwords.
const LEAST_BYTES: usize = 16;

/// The secret input of Argon2 (RFC 9106 §3.1, `K`), and the name by which a stored hash says that it has it.
#[derive(Clone, Debug)]
pub struct Pepper {
    id: [u8; 4],
    secret: Secret,
}

/// The pepper is too short; the text is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the pepper needs at least {LEAST_BYTES} bytes")]
pub struct WeakPepper;

impl Pepper {
    /// Takes the configured text as it is. The name is made from it, so that another pepper has another name.
    pub fn new(secret: Secret) -> Result<Self, WeakPepper> {
        if secret.expose().len() < LEAST_BYTES {
            return Err(WeakPepper);
        }
        let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).map_err(|_| WeakPepper)?;
        let name: [u8; 32] = mac.chain_update(b"doorward/1/pepper-id").finalize().into_bytes().into();
        let [a, b, c, d, ..] = name;
        Ok(Self { id: [a, b, c, d], secret })
    }

    /// The public name, stored in the hash's `keyid`.
    pub(super) const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The secret input.
    pub(super) fn bytes(&self) -> &[u8] {
        self.secret.expose().as_bytes()
    }
}
