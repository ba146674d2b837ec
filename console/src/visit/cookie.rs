//! The cookie of Doorward's own pages.
//!
//! Over TLS it is bound to this very host and path (`__Host-`, RFC 6265bis §4.1.3.2), so that no other host of the domain can
//! set one; over plain HTTP, on a machine of one's own, browsers allow no such name.

use doorward_model::Secret;
use doorward_web::reply::Reply as _;
use doorward_web::{Cookie, HeaderMap, Response, SameSite};
use http::header;
use std::time::Duration;

const fn name(secure: bool) -> &'static str {
    if secure { "__Host-doorward" } else { "doorward" }
}

fn cookie(value: &str, secure: bool, max_age: Option<Duration>) -> Cookie<'_> {
    // Lax: links in mails lead here. What changes something is a form of this very site (`guard.rs`).
    Cookie { name: name(secure), value, path: "/", same_site: SameSite::Lax, secure, max_age }
}

/// Has the browser keep a session's token until it is closed; the session's own end is the server's.
pub(crate) fn keep(response: Response, token: &Secret, secure: bool) -> Response {
    response.with_cookie(&cookie(token.expose(), secure, None))
}

/// Has the browser forget it.
pub(crate) fn clear(response: Response, secure: bool) -> Response {
    response.with_cookie(&cookie("", secure, Some(Duration::ZERO)))
}

/// The token a browser sent; one sent twice is none.
pub(super) fn sent(headers: &HeaderMap, secure: bool) -> Option<Secret> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs.filter(|(found, _)| *found == name(secure)).map(|(_, value)| value);
    match (ours.next(), ours.next()) {
        (Some(value), None) if !value.is_empty() => Some(Secret::new(value)),
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
}
