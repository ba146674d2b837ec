//! Traefik, Caddy, HAProxy and Skipper: `X-Forwarded-Method`, `-Proto`, `-Host`, `-Uri`, `-For`.

use super::{about, method};
use crate::Gate;
use crate::carried::{Carried, Header};
use crate::question::Question;
use crate::refusal::Refusal;
use http::request;

pub(super) fn question<'a>(gate: &Gate, parts: &'a request::Parts) -> Result<Question<'a>, Refusal> {
    let carried = Carried::of(&parts.headers);
    let method = method(carried.metadata(Header::ForwardedMethod)?)?;
    let host = carried.metadata(Header::ForwardedHost)?.ok_or(Refusal::Metadata)?;
    let target = carried.metadata(Header::ForwardedUri)?.ok_or(Refusal::Metadata)?;
    match carried.metadata(Header::ForwardedProto)? {
        Some("http" | "https" | "ws" | "wss") => about(gate, parts, carried, method, host, target),
        Some(_) | None => Err(Refusal::Metadata),
    }
}
