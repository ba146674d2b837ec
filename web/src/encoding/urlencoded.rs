//! `application/x-www-form-urlencoded`, for bodies and queries (URL standard §5.1), with strict UTF-8.

use crate::{Fields, Refusal, limits};
use percent_encoding::percent_decode;
use serde_json::Value;

/// Parses `name=value&…`; a pair without `=` is a name with an empty value.
pub(crate) fn parse(text: &[u8]) -> Result<Fields, Refusal> {
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let mut entries = Vec::new();
    for pair in pairs {
        if entries.len() == limits::FIELDS {
            return Err(too_many(limits::FIELDS));
        }
        let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at_checked(equals).unwrap_or((pair, b""));
        let value = value.strip_prefix(b"=").unwrap_or(value);
        entries.push((decode(name)?, Value::String(decode(value)?)));
    }
    Fields::of_form(entries)
}

pub(crate) fn too_many(limit: usize) -> Refusal {
    Refusal::malformed(format!("more than {limit} fields"))
}

fn decode(text: &[u8]) -> Result<String, Refusal> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(decoded).map_err(|_| Refusal::malformed("expected UTF-8 text"))
}
