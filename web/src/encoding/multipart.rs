//! `multipart/form-data` (RFC 7578): text parts only. The body is already whole and within its limit.

use super::urlencoded::too_many;
use crate::{Fields, Refusal, limits};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use serde_json::Value;

/// Parses every part into a field.
pub(crate) async fn parse(body: Bytes, boundary: String) -> Result<Fields, Refusal> {
    let mut parts = multer::Multipart::new(Full::new(body).into_data_stream(), boundary);
    let mut entries = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if entries.len() == limits::MULTIPART_PARTS {
            return Err(too_many(limits::MULTIPART_PARTS));
        }
        let name = part.name().ok_or_else(|| Refusal::malformed("a part without a name"))?.to_owned();
        if part.file_name().is_some() {
            return Err(Refusal::invalid(name, "expected text, not a file"));
        }
        let bytes = part.bytes().await.map_err(broken)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Refusal::malformed("expected UTF-8 text"))?;
        entries.push((name, Value::String(text.to_owned())));
    }
    Fields::of_form(entries)
}

fn broken(_: multer::Error) -> Refusal {
    Refusal::malformed("the multipart body is broken")
}
