//! Text that must never be printed: passwords, tokens, keys, one-time codes.

use secrecy::{ExposeSecret, SecretString};

/// A secret text. `Debug` shows `Secret(…)`, memory is wiped on drop, there is no `Display` and no `PartialEq`:
/// compare keyed hashes instead (P9), so that no compare leaks its length of agreement.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, for the one place that must see it. Never log, store or print what this returns.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}
