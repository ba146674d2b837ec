//! Requests that a browser sends with someone's cookie for a page of another origin (OWASP CSRF cheat sheet,
//! "Fetch Metadata headers" and "verifying origin").

use crate::{CallContext, Refusal};
use http::{HeaderMap, Method};

/// Refuses a state-changing call from a page that is neither the door's own nor of `allowed` origins. For calls that
/// are authenticated by a cookie: a token in a header is never sent by a browser on its own.
pub fn refuse_cross_site<C>(call: &CallContext<C>, allowed: &[String]) -> Result<(), Refusal> {
    let slug = call.door.slug.as_ref().map(|slug| slug.as_str());
    let own = call.door.door.origin(slug);
    let is_known =
        |origin: &str| own.as_deref() == Some(origin) || allowed.iter().any(|known| known == origin);
    if is_cross_site(&call.method, &call.headers, is_known) { Err(Refusal::CrossSite) } else { Ok(()) }
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
