//! The cookies of Doorward's own pages: one with a session, and one that says where somebody signed in last.
//!
//! Over TLS they are bound to this very host and path (`__Host-`, RFC 6265bis §4.1.3.2), so that no other host of the domain can
//! set them; over plain HTTP, on a machine of one's own, browsers allow no such name.

use doorward_model::{Secret, Slug};
use doorward_web::reply::Reply as _;
use doorward_web::{Cookie, HeaderMap, Response, SameSite};
use http::header;
use std::time::Duration;

const fn name(secure: bool) -> &'static str {
    if secure { "__Host-doorward" } else { "doorward" }
}

const fn place_name(secure: bool) -> &'static str {
    if secure { "__Host-doorward-at" } else { "doorward-at" }
}

/// A year, as a chosen language: whoever stays away longer is asked again.
const PLACE_KEPT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn cookie<'a>(name: &'a str, value: &'a str, secure: bool, max_age: Option<Duration>) -> Cookie<'a> {
    // Lax: links in mails lead here. What changes something is a form of this very site (`guard.rs`).
    Cookie { name, value, path: "/", same_site: SameSite::Lax, secure, max_age }
}

/// Has the browser keep a session's token until it is closed; the session's own end is the server's.
pub(crate) fn keep(response: Response, token: &Secret, secure: bool) -> Response {
    response.with_cookie(&cookie(name(secure), token.expose(), secure, None))
}

/// Has the browser forget it.
pub(crate) fn clear(response: Response, secure: bool) -> Response {
    response.with_cookie(&cookie(name(secure), "", secure, Some(Duration::ZERO)))
}

/// Has the browser remember at which tenant somebody signed in, so that a page that knows nobody need not ask for its short name,
/// which few people know. It says nothing of the person, and opens nothing.
pub(super) fn keep_place(response: Response, place: &Slug, secure: bool) -> Response {
    response.with_cookie(&cookie(place_name(secure), place.as_str(), secure, Some(PLACE_KEPT)))
}

/// Where somebody signed in last in this browser, as far as it says so.
pub(crate) fn last_place(headers: &HeaderMap, secure: bool) -> Option<Slug> {
    one(headers, place_name(secure)).and_then(|place| Slug::parse(place).ok())
}

/// The token a browser sent.
pub(super) fn sent(headers: &HeaderMap, secure: bool) -> Option<Secret> {
    one(headers, name(secure)).map(Secret::new)
}

/// The cookie of a name; one sent twice is none.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
    match (ours.next(), ours.next()) {
        (Some(value), None) if !value.is_empty() => Some(value),
        (Some(_) | None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookies: &[&'static str], secure: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        for text in cookies {
            headers.append(header::COOKIE, http::HeaderValue::from_static(text));
        }
        sent(&headers, secure).map(|token| token.expose().to_owned())
    }

    #[test]
    fn one_cookie_of_the_right_name_and_no_other() {
        assert_eq!(read(&["a=b; __Host-doorward=x"], true).as_deref(), Some("x"));
        assert_eq!(read(&["doorward=x"], false).as_deref(), Some("x"));
        // What another host of the domain can set counts for nothing over TLS.
        assert_eq!(read(&["doorward=x"], true), None);
        assert_eq!(read(&["__Host-doorward=x", "__Host-doorward=y"], true), None);
        assert_eq!(read(&["__Host-doorward="], true), None);
        assert_eq!(read(&["__host-doorward=x; lang=de"], true), None);
    }

    #[test]
    fn a_place_is_a_short_name_in_a_cookie_of_its_own() {
        let read = |text: &'static str, secure| {
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, http::HeaderValue::from_static(text));
            last_place(&headers, secure).map(|place| place.to_string())
        };
        let sent = "__Host-doorward=x; __Host-doorward-at=northwind; doorward-at=quayside; doorward=y";
        assert_eq!(read(sent, true).as_deref(), Some("northwind"));
        assert_eq!(read(sent, false).as_deref(), Some("quayside"));
        assert_eq!(read("doorward-at=northwind", true), None);
        assert_eq!(read("__Host-doorward-at=Not A Slug", true), None);
    }
}
