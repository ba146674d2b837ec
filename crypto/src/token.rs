//! The text forms of random bytes that clients carry.
//!
//! Which door uses which form, and how many bytes it takes, is the door's business.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// UUID text of 128 random bits (SalesSeek's cookie). No version bits: all 128 stay random.
pub fn uuid_text(bytes: [u8; 16]) -> String {
    uuid::Uuid::from_bytes(bytes).hyphenated().to_string()
}

/// URL-safe Base64 without padding (BookingBug's `Auth-Token`): 32 bytes become 43 characters.
pub fn url_safe<const N: usize>(bytes: [u8; N]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Lower-case hexadecimal: two characters a byte.
pub fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_is_kept() {
        assert_eq!(uuid_text([0xff; 16]), "ffffffff-ffff-ffff-ffff-ffffffffffff");
        assert_eq!(uuid_text([0; 16]), "00000000-0000-0000-0000-000000000000");
        assert_eq!(url_safe([0xff; 32]).len(), 43);
        assert_eq!(url_safe([0xfb, 0xff, 0xfe]), "-__-");
        assert_eq!(hex(&[0, 0xab]), "00ab");
    }
}
