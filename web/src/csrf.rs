//! Requests that a browser sends with someone's cookie for a page of another origin (OWASP CSRF cheat sheet,
//! "Fetch Metadata headers" and "verifying origin").

use crate::{CallContext, Refusal};
use http::Method;

/// Refuses a state-changing call from a page that is neither the door's own nor of `allowed` origins. For calls that
/// are authenticated by a cookie: a token in a header is never sent by a browser on its own.
///
/// Programs send neither `Origin` nor `Sec-Fetch-Site` and pass.
pub fn refuse_cross_site<C>(call: &CallContext<C>, allowed: &[String]) -> Result<(), Refusal> {
    if matches!(call.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let site = call.header("sec-fetch-site").map_err(|_| Refusal::CrossSite)?;
    let origin = call.header("origin").map_err(|_| Refusal::CrossSite)?;
    let passes = match (site, origin) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        (_, Some(origin)) => is_own(call, origin) || allowed.iter().any(|known| known == origin),
        (Some(_), None) => false,
    };
    if passes { Ok(()) } else { Err(Refusal::CrossSite) }
}

fn is_own<C>(call: &CallContext<C>, origin: &str) -> bool {
    let slug = call.door.slug.as_ref().map(|slug| slug.as_str());
    call.door.door.origin(slug).is_some_and(|own| own == origin)
}
