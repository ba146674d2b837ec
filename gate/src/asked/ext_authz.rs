//! Envoy's HTTP authorisation service: the original's own method, host and headers, its path behind a prefix.

use super::Asked;
use crate::carried::{Carried, Header};
use crate::question::Question;
use crate::refusal::Refusal;

pub(super) const PREFIX: &str = "/verify/ext-authz";

pub(super) fn question(asked: Asked<'_>) -> Result<Question<'_>, Refusal> {
    let parts = asked.parts;
    let said = parts.uri.path_and_query().map(http::uri::PathAndQuery::as_str);
    let target = said.and_then(|text| text.strip_prefix(PREFIX)).ok_or(Refusal::Metadata)?;
    let carried = Carried::of(&asked.parts.headers);
    let named = carried.metadata(Header::Host)?;
    let host = match (parts.uri.authority(), named) {
        (Some(authority), None) => authority.as_str(),
        (None, Some(host)) => host,
        (Some(authority), Some(host)) if authority.as_str() == host => host,
        (Some(_), Some(_)) | (None, None) => return Err(Refusal::Metadata),
    };
    asked.about(carried, parts.method.clone(), host, target)
}
