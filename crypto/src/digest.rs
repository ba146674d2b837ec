//! A plain SHA-256 (FIPS 180-4) of much data, piece by piece: for comparing what is not secret or stays inside. What is
//! kept as a hash is a [`crate::KeyedHash`].

use sha2::{Digest as _, Sha256};

/// A hash that is being computed.
#[derive(Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Adds the next bytes. Where one piece ends and the next begins makes no difference.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of everything that was added.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's own example (appendix B.1 of 180-2).
    #[test]
    fn it_is_sha_256_of_all_pieces_together() {
        let mut digest = Digest::default();
        digest.update(b"a");
        digest.update(b"bc");
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(crate::hex(&digest.finish()), known);
    }
}
