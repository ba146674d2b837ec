//! A form with a file (RFC 7578), from somebody who is signed in. Nothing else reads files, so that no field of any other form can
//! be one.

use crate::encoding::urlencoded::too_many;
use crate::{Fields, Refusal, limits, read_bytes};
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, Full};
use serde_json::Value;

/// What was sent.
#[derive(Debug)]
pub struct Upload {
    /// The texts of the form.
    pub fields: Fields,
    /// The file; empty where none was chosen.
    pub file: Bytes,
}

/// Reads a form of at most `limit` bytes, whose file stands in the field `name`.
///
/// Errors: [`Refusal`] for what is larger, too slow, or no such form.
pub async fn read_upload(
    headers: &HeaderMap,
    body: Body,
    name: &str,
    limit: usize,
) -> Result<Upload, Refusal> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(media).map_err(|_| Refusal::UnsupportedMediaType)?;
    let whole = read_bytes(headers, body, limit).await?;
    let mut parts = multer::Multipart::new(Full::new(whole).into_data_stream(), boundary);
    let (mut entries, mut file) = (Vec::new(), Bytes::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if entries.len() == limits::MULTIPART_PARTS {
            return Err(too_many(limits::MULTIPART_PARTS));
        }
        let field = part.name().ok_or_else(|| Refusal::malformed("a part without a name"))?.to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(broken)?;
        if field == name {
            file = bytes;
        } else if is_file {
            return Err(Refusal::invalid(field, "expected text, not a file"));
        } else {
            let text = std::str::from_utf8(&bytes).map_err(|_| Refusal::malformed("expected UTF-8 text"))?;
            entries.push((field, Value::String(text.to_owned())));
        }
    }
    Ok(Upload { fields: Fields::of_form(entries)?, file })
}

fn broken(_: multer::Error) -> Refusal {
    Refusal::malformed("the multipart body is broken")
}
