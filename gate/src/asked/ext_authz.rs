//! Envoy's HTTP authorisation service: the original's own method, host and headers, its path behind a prefix.

use super::about;
use crate::Gate;
use crate::carried::{Carried, Header};
use crate::question::Question;
use crate::refusal::Refusal;
use http::request;

pub(super) const PREFIX: &str = "/verify/ext-authz";

pub(super) fn question<'a>(gate: &Gate, parts: &'a request::Parts) -> Result<Question<'a>, Refusal> {
    let said = parts.uri.path_and_query().map(http::uri::PathAndQuery::as_str);
    let target = said.and_then(|text| text.strip_prefix(PREFIX)).ok_or(Refusal::Metadata)?;
    let carried = Carried::of(&parts.headers);
    let named = carried.metadata(Header::Host)?;
    let host = match (parts.uri.authority(), named) {
        (Some(authority), None) => authority.as_str(),
        (None, Some(host)) => host,
        (Some(authority), Some(host)) if authority.as_str() == host => host,
        (Some(_), Some(_)) | (None, None) => return Err(Refusal::Metadata),
    };
    about(gate, parts, carried, parts.method.clone(), host, target)
}
