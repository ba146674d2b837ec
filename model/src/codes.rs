//! The text form of one-time codes: lower-case hex, so that it survives every client, URL and mail program.

use thiserror::Error;

/// The fewest hex digits a code may have (SalesSeek's sample; 64 bits with attempt limits, dialects "one-time codes").
const MIN_DIGITS: usize = 16;
/// 256 bits.
const MAX_DIGITS: usize = 64;

/// The text cannot be a code; answer as if it were a wrong one.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("not a code")]
pub struct InvalidCode;

/// Reads a code of 16 to 64 hex digits into bytes.
pub fn parse_code(text: &str) -> Result<Vec<u8>, InvalidCode> {
    let is_code = (MIN_DIGITS..=MAX_DIGITS).contains(&text.len()) && text.len().is_multiple_of(2);
    if !is_code || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(InvalidCode);
    }
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or(InvalidCode);
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Ok(digit(*high)? << 4 | digit(*low)?),
            _ => Err(InvalidCode),
        })
        .collect()
}
