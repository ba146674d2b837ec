//! Random bytes, from the operating system and from nowhere else (P9).
//!
//! A value, not a global: whoever makes ids, tokens or codes is handed one.

use thiserror::Error;

/// The generator.
#[derive(Clone, Debug)]
pub struct Random(());

/// The operating system had no random bytes to give; nothing secret may be made now.
#[derive(Clone, Debug, Error)]
#[error("the operating system's random generator is not available: {0}")]
pub struct RandomUnavailable(String);

impl Random {
    /// The operating system's generator.
    pub const fn os() -> Self {
        Self(())
    }

    /// `N` fresh random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], RandomUnavailable> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|error| RandomUnavailable(error.to_string()))?;
        Ok(bytes)
    }
}
