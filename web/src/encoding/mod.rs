//! The encodings a body may have: JSON, urlencoded, multipart (dialects: common rules, "bodies").
//!
//! Clients of these contracts send JSON under a form's content type, and forms under any charset; what decides is
//! the content type, then the first byte. Everything is UTF-8, strictly.

pub(crate) mod json;
mod media_type;
pub(crate) mod multipart;
pub(crate) mod urlencoded;

use crate::{Fields, Refusal};
use bytes::Bytes;
pub(crate) use media_type::MediaType;

/// The byte order mark some .NET clients put in front of JSON.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Turns a whole body into fields.
pub(crate) async fn decode(media: MediaType, body: Bytes) -> Result<Fields, Refusal> {
    match Encoded::of(&media, &body) {
        Encoded::Nothing => Ok(Fields::default()),
        Encoded::Json(text) => json::parse(text),
        Encoded::Form(text) => urlencoded::parse(text),
        Encoded::Multipart(boundary) => multipart::parse(body.clone(), boundary.to_owned()).await,
        Encoded::Unknown => Err(Refusal::UnsupportedMediaType),
    }
}

/// Whether a body that could not be decoded is written as a list of values: a JSON array, or a form with a field of
/// empty name. For dialects that answer in the way they were asked.
pub(crate) fn is_positional(media: &MediaType, body: &[u8]) -> bool {
    match Encoded::of(media, body) {
        Encoded::Json(text) => text.trim_ascii_start().starts_with(b"["),
        Encoded::Form(text) => text.split(|byte| *byte == b'&').any(|pair| pair.starts_with(b"=")),
        Encoded::Nothing | Encoded::Multipart(_) | Encoded::Unknown => false,
    }
}

/// A body by how it is to be read.
enum Encoded<'a> {
    /// Empty, or `null`.
    Nothing,
    Json(&'a [u8]),
    /// Not trimmed: a password may end with a space that a client did not encode (P5).
    Form(&'a [u8]),
    /// Parts between this boundary.
    Multipart(&'a str),
    Unknown,
}

impl<'a> Encoded<'a> {
    fn of(media: &'a MediaType, body: &'a [u8]) -> Self {
        let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        let trimmed = text.trim_ascii();
        if trimmed.is_empty() || trimmed == b"null" {
            return Self::Nothing;
        }
        match media {
            MediaType::Json => Self::Json(text),
            MediaType::Multipart { boundary } => Self::Multipart(boundary),
            MediaType::Form | MediaType::Absent if matches!(trimmed, [b'{' | b'[', ..]) => Self::Json(text),
            MediaType::Form | MediaType::Absent => Self::Form(text),
            MediaType::Unsupported => Self::Unknown,
        }
    }
}
