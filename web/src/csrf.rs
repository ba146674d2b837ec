//! Requests that a browser sends with someone's cookie for a page of another origin (OWASP CSRF cheat sheet,
//! "Fetch Metadata headers" and "verifying origin").

use crate::{CallContext, Refusal};
use doorward_core::ResolvedDoor;
use http::{HeaderMap, Method};

/// Refuses a state-changing call from a page that is neither the door's own nor of `allowed` origins. For calls that
/// are authenticated by a cookie: a token in a header is never sent by a browser on its own.
pub fn refuse_cross_site<C>(call: &CallContext<C>, allowed: &[String]) -> Result<(), Refusal> {
    let is_known = |origin: &str| is_known_at(&call.door, allowed, origin);
    if is_cross_site(&call.method, &call.headers, is_known) { Err(Refusal::CrossSite) } else { Ok(()) }
}

/// Whether pages of an origin may call a door with a cookie: its own do, and those of `allowed` origins.
pub fn is_known_at(door: &ResolvedDoor, allowed: &[String], origin: &str) -> bool {
    let slug = door.slug.as_ref().map(|slug| slug.as_str());
    door.door.origin(slug).as_deref() == Some(origin) || allowed.iter().any(|known| known == origin)
}

/// Whether a browser sends this state-changing request for a page whose origin is not known.
///
/// Programs send neither `Origin` nor `Sec-Fetch-Site` and are no browsers.
pub fn is_cross_site(method: &Method, headers: &HeaderMap, is_known: impl Fn(&str) -> bool) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let single = |name| {
        let mut values = headers.get_all(name).iter();
        let first = values.next().map(|value| value.to_str().unwrap_or("unreadable"));
        if values.next().is_some() { Some("given twice") } else { first }
    };
    match (single("sec-fetch-site"), single("origin")) {
        (Some("same-origin" | "none"), _) | (None, None) => false,
        (_, Some(origin)) => !is_known(origin),
        (Some(_), None) => true,
    }
}
