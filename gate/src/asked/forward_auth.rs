//! Traefik, Caddy, HAProxy and Skipper: `X-Forwarded-Method`, `-Proto`, `-Host`, `-Uri`, `-For`.

use super::{Asked, method};
use crate::carried::{Carried, Header};
use crate::question::Question;
use crate::refusal::Refusal;

pub(super) fn question(asked: Asked<'_>) -> Result<Question<'_>, Refusal> {
    let carried = Carried::of(&asked.parts.headers);
    let method = method(carried.metadata(Header::ForwardedMethod)?)?;
    let host = carried.metadata(Header::ForwardedHost)?.ok_or(Refusal::Metadata)?;
    let target = carried.metadata(Header::ForwardedUri)?.ok_or(Refusal::Metadata)?;
    match carried.metadata(Header::ForwardedProto)? {
        Some("http" | "https" | "ws" | "wss") => asked.about(carried, method, host, target),
        Some(_) | None => Err(Refusal::Metadata),
    }
}
