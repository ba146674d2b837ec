//! Traefik, Caddy, HAProxy and Skipper: `X-Forwarded-Method`, `-Proto`, `-Host`, `-Uri`, `-For`.

use super::{about, method};
use crate::Gate;
use crate::question::Question;
use crate::refusal::Refusal;
use http::request;

pub(super) fn question<'a>(gate: &Gate, parts: &'a request::Parts) -> Result<Question<'a>, Refusal> {
    let said = |name| Question::single(&parts.headers, name);
    let method = method(said("x-forwarded-method")?)?;
    let host = said("x-forwarded-host")?.ok_or(Refusal::Metadata)?;
    let target = said("x-forwarded-uri")?.ok_or(Refusal::Metadata)?;
    match said("x-forwarded-proto")? {
        Some("http" | "https" | "ws" | "wss") => about(gate, parts, method, host, target),
        Some(_) | None => Err(Refusal::Metadata),
    }
}
