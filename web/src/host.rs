//! Which host a request is for. Two readers must not disagree about it, so anything ambiguous is refused.

use http::uri::Authority;
use http::{HeaderMap, Uri, header};
use std::borrow::Cow;

/// The longest host name (RFC 1035 §2.3.4).
const HOST_CHARS: usize = 253;

/// No host, two hosts, or none that could be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request names no single host")]
pub struct BadHost;

/// The host in lower case, without port and trailing dot: from `X-Forwarded-Host` where a trusted proxy sent the
/// request, else from `:authority`, the absolute URI or the `Host` header, which must agree.
pub fn request_host(uri: &Uri, headers: &HeaderMap, from_trusted_proxy: bool) -> Result<String, BadHost> {
    if from_trusted_proxy && let Some(forwarded) = single(headers, "x-forwarded-host")? {
        return host_name(forwarded).map(Cow::into_owned);
    }
    let named = single(headers, header::HOST.as_str())?.map(host_name).transpose()?;
    let asked = uri.authority().map(|authority| host_name(authority.as_str())).transpose()?;
    match (asked, named) {
        (Some(asked), Some(named)) if asked != named => Err(BadHost),
        (Some(host), _) | (None, Some(host)) => Ok(host.into_owned()),
        (None, None) => Err(BadHost),
    }
}

fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, BadHost> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| BadHost),
        (Some(_), Some(_)) => Err(BadHost),
    }
}

/// A host as somebody wrote it, perhaps with a port: in lower case, without port and trailing dot.
pub fn host_name(text: &str) -> Result<Cow<'_, str>, BadHost> {
    if is_written_so(text) {
        return Ok(Cow::Borrowed(text));
    }
    let authority: Authority = text.parse().map_err(|_| BadHost)?;
    if text.contains('@') || has_broken_port(&authority) {
        return Err(BadHost);
    }
    let host = authority.host().to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    let is_plain = host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':' | b'[' | b']'));
    if host.is_empty() || host.len() > HOST_CHARS || !is_plain {
        Err(BadHost)
    } else {
        Ok(Cow::Owned(host.to_owned()))
    }
}

/// Whether a host stands there as it is told: nearly all do.
fn is_written_so(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_');
    (1..=HOST_CHARS).contains(&text.len()) && text.bytes().all(is_plain) && !text.ends_with('.')
}

fn has_broken_port(authority: &Authority) -> bool {
    let rest = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
    !rest.is_empty() && authority.port_u16().is_none()
}
