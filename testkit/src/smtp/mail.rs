//! A mail as it arrived, and a reader for it: headers, and the parts of a multipart body.
//!
//! Reads what mail programs send in practice (RFC 2045 encodings, RFC 2047 words); it is no full MIME parser.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A mail that the server took.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReceivedMail {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// Headers and body, dots unstuffed, lines ended by CRLF.
    pub raw: String,
    /// Whether it came over TLS.
    pub was_encrypted: bool,
    /// Who the client signed in as.
    pub user: Option<String>,
}

impl ReceivedMail {
    /// The names of the top headers, in order.
    pub fn header_names(&self) -> Vec<String> {
        let (head, _) = split(&self.raw);
        headers(head).into_iter().map(|(name, _)| name).collect()
    }

    /// A top header's value, unfolded and decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = split(&self.raw);
        header(head, name).map(|value| decode_words(&value))
    }

    /// The decoded part of this content type, such as `text/plain`.
    pub fn part(&self, content_type: &str) -> Option<String> {
        let (head, body) = split(&self.raw);
        let boundary = parameter(&header(head, "Content-Type")?, "boundary")?;
        let delimiter = format!("--{boundary}");
        let (head, body) = body
            .split(&delimiter)
            .map(|part| split(part.trim_start()))
            .find(|(head, _)| header(head, "Content-Type").is_some_and(|t| t.starts_with(content_type)))?;
        Some(decode_body(&header(head, "Content-Transfer-Encoding").unwrap_or_default(), body))
    }

    /// The plain text; empty when there is none.
    pub fn text(&self) -> String {
        self.part("text/plain").unwrap_or_default()
    }

    /// The HTML; empty when there is none.
    pub fn html(&self) -> String {
        self.part("text/html").unwrap_or_default()
    }
}

fn split(raw: &str) -> (&str, &str) {
    raw.split_once("\r\n\r\n").unwrap_or((raw, ""))
}

fn headers(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let pairs = unfolded.split("\r\n").filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

fn header(head: &str, name: &str) -> Option<String> {
    headers(head).into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let (_, rest) = value.split_once(&format!("{name}="))?;
    let rest = rest.split(';').next().unwrap_or_default();
    Some(rest.trim().trim_matches('"').to_owned())
}

fn decode_body(encoding: &str, body: &str) -> String {
    match encoding.to_ascii_lowercase().as_str() {
        "quoted-printable" => decode_quoted_printable(&body.replace("=\r\n", "")),
        "base64" => decode_base64(body),
        _ => body.to_owned(),
    }
}

fn decode_base64(text: &str) -> String {
    let packed: String = text.split_whitespace().collect();
    String::from_utf8_lossy(&STANDARD.decode(packed).unwrap_or_default()).into_owned()
}

fn decode_quoted_printable(text: &str) -> String {
    let mut pieces = text.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let code = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.extend(code);
        bytes.extend_from_slice(piece.get(2..).unwrap_or_default().as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `=?utf-8?b?…?=` and `=?utf-8?q?…?=`; white space between two encoded words is not part of the text.
fn decode_words(value: &str) -> String {
    let joined = value.split(' ').collect::<Vec<_>>().join(" ").replace("?= =?", "?==?");
    let mut text = String::new();
    let mut rest = joined.as_str();
    while let Some((before, word)) = rest.split_once("=?") {
        text.push_str(before);
        let mut fields = word.splitn(3, '?');
        let (_charset, kind, tail) = (fields.next(), fields.next(), fields.next().unwrap_or_default());
        let (encoded, after) = tail.split_once("?=").unwrap_or((tail, ""));
        match kind {
            Some("b" | "B") => text.push_str(&decode_base64(encoded)),
            Some(_) | None => text.push_str(&decode_quoted_printable(&encoded.replace('_', " "))),
        }
        rest = after;
    }
    text + rest
}
