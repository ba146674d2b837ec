//! Headers every answer carries (P17; OWASP HTTP headers cheat sheet).

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Scripts, frames and forms of our own origin only; nobody frames us.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// One year, as browsers' preload lists ask. Without subdomains: they may belong to other services.
const STRICT_TRANSPORT: &str = "max-age=31536000";

/// For every page: adds the strict content policy to an answer's headers.
pub fn page_headers(headers: &mut HeaderMap) {
    set(headers, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    set(headers, header::X_FRAME_OPTIONS, "DENY");
}

/// For every answer; those of doors and of the house get it from [`crate::HostRouter`]. A `Cache-Control` that the handler
/// set stays. `secure` is whether the client came over TLS.
pub fn harden(headers: &mut HeaderMap, secure: bool) {
    if !headers.contains_key(header::CACHE_CONTROL) {
        set(headers, header::CACHE_CONTROL, "no-store");
    }
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    if secure {
        set(headers, header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
