//! What stands before every page: the transport, and forms that other sites send.

use super::{Pages, cookie};
use crate::say::{message, unavailable};
use axum::extract::{Request, State};
use axum::middleware::Next;
use doorward_web::{Arrival, HeaderMap, Response, StatusCode, is_cross_site};
use http::{Method, header};
use std::time::Duration;

/// Refuses what must not reach a page; everything else is answered by it, under the strict content policy.
pub(crate) async fn guard(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    // Without what the plumbing knows of a request nothing here can be decided.
    let Some(arrival) = request.extensions().get::<Arrival>() else { return unavailable(RETRY) };
    if !(arrival.secure || pages.allow_plain_http || arrival.caller.address.is_loopback()) {
        return message(StatusCode::FORBIDDEN, "Please use https", INSECURE);
    }
    let (method, headers) = (request.method(), request.headers());
    let is_cookie_sent = cookie::sent(headers, arrival.secure).is_some();
    if is_foreign(method, headers, arrival) || (is_cookie_sent && is_unsaid(method, headers)) {
        return message(StatusCode::FORBIDDEN, "This form was sent from somewhere else", CROSS_SITE);
    }
    next.run(request).await
}

/// When a request that came past the plumbing may be tried again.
const RETRY: Duration = Duration::from_secs(30);
const INSECURE: &str = "This page is served over https only, so that nobody on the way reads along. \
     Change the address to begin with https:// and try again.";
const CROSS_SITE: &str = "Nothing was changed. Open the page itself and use the form you find there.";

fn is_foreign(method: &Method, headers: &HeaderMap, arrival: &Arrival) -> bool {
    is_cross_site(method, headers, |_| false) && !is_same_host(headers, arrival)
}

/// Older browsers send `Origin` without `Sec-Fetch-Site`.
fn is_same_host(headers: &HeaderMap, arrival: &Arrival) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let host = origin
        .and_then(|origin| origin.parse::<http::Uri>().ok())
        .and_then(|uri| uri.host().map(str::to_owned));
    host.is_some() && host == arrival.host && !headers.contains_key("sec-fetch-site")
}

/// Every browser says where a form comes from that it sends with a cookie; what does not say so is not believed.
fn is_unsaid(method: &Method, headers: &HeaderMap) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
        && !headers.contains_key("sec-fetch-site")
        && !headers.contains_key(header::ORIGIN)
}
