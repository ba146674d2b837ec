//! Which encoding a request's headers announce.

use http::{HeaderMap, header};
use mime::Mime;

/// The encodings a body may announce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MediaType {
    Json,
    /// Urlencoded, whatever its charset parameter says.
    Form,
    Multipart {
        boundary: String,
    },
    /// No content type: the first byte decides between JSON and a form.
    Absent,
    Unsupported,
}

impl MediaType {
    /// Reads `Content-Type` and `Content-Encoding`. Compressed bodies are not supported: no client of these
    /// contracts sends them, and each would need a limit of its own.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let encoding = headers.get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Self::Unsupported;
        }
        let mut types = headers.get_all(header::CONTENT_TYPE).iter();
        match (types.next(), types.next()) {
            (None, _) => Self::Absent,
            (Some(one), None) => one.to_str().map_or(Self::Unsupported, Self::parse),
            // Two content types: two readers could disagree about what was sent.
            (Some(_), Some(_)) => Self::Unsupported,
        }
    }

    fn parse(text: &str) -> Self {
        let Ok(mime) = text.trim().parse::<Mime>() else { return Self::Unsupported };
        let is_json = mime.subtype() == mime::JSON || mime.suffix() == Some(mime::JSON);
        match (mime.type_(), mime.subtype()) {
            (mime::APPLICATION | mime::TEXT, _) if is_json => Self::Json,
            (mime::APPLICATION, mime::WWW_FORM_URLENCODED) => Self::Form,
            (mime::MULTIPART, mime::FORM_DATA) => {
                let boundary = multer::parse_boundary(text);
                boundary.map_or(Self::Unsupported, |boundary| Self::Multipart { boundary })
            }
            _ => Self::Unsupported,
        }
    }
}
