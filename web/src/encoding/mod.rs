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
    let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&body);
    let trimmed = text.trim_ascii();
    if trimmed.is_empty() || trimmed == b"null" {
        return Ok(Fields::default());
    }
    match media {
        MediaType::Json => json::parse(text),
        MediaType::Multipart { boundary } => multipart::parse(body, boundary).await,
        MediaType::Form | MediaType::Absent if matches!(trimmed, [b'{' | b'[', ..]) => json::parse(text),
        // Not trimmed: a password may end with a space that a client did not encode (P5).
        MediaType::Form | MediaType::Absent => urlencoded::parse(text),
        MediaType::Unsupported => Err(Refusal::UnsupportedMediaType),
    }
}
