//! Cookies (RFC 6265 §5.4) as a gate reads them: one value for a name, or nobody's.

use super::invalid;
use crate::refusal::Refusal;
use http::{HeaderMap, header};

/// The value of a cookie; a name given twice is ambiguous, since a neighbouring sub-domain can plant the second.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<Result<&'a str, Refusal>> {
    let mut found = None;
    for value in headers.get_all(header::COOKIE) {
        // Read as bytes: cookies of other programs beside ours may hold what is no text.
        for pair in value.as_bytes().split(|byte| *byte == b';') {
            let named =
                pair.trim_ascii().strip_prefix(name.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
            let Some(value) = named else { continue };
            if found.replace(value).is_some() {
                return Some(Err(Refusal::Ambiguous));
            }
        }
    }
    let text = std::str::from_utf8(found?).map_err(|_| invalid());
    Some(text.map(|text| text.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookies: &[&'static str]) -> Option<Result<String, Refusal>> {
        let mut headers = HeaderMap::new();
        for text in cookies {
            headers.append(header::COOKIE, http::HeaderValue::from_static(text));
        }
        cookie(&headers, "salesseek").map(|found| found.map(str::to_owned))
    }

    #[test]
    fn one_value_is_read_wherever_it_stands() {
        assert_eq!(read(&["a=1; salesseek=x; b"]), Some(Ok("x".to_owned())));
        assert_eq!(read(&["a=1", "salesseek=\"x\""]), Some(Ok("x".to_owned())));
        assert_eq!(read(&["xsalesseek=x; Salesseek=y"]), None);
    }

    #[test]
    fn only_our_own_value_must_be_text() {
        let mut headers = HeaderMap::new();
        let mixed = http::HeaderValue::from_bytes(b"other=\xff; salesseek=x").unwrap();
        headers.insert(header::COOKIE, mixed);
        assert_eq!(cookie(&headers, "salesseek"), Some(Ok("x")));
        assert_eq!(cookie(&headers, "other"), Some(Err(invalid())));
    }

    #[test]
    fn a_name_given_twice_is_nobodys_even_with_one_value() {
        assert_eq!(read(&["salesseek=x; salesseek=x"]), Some(Err(Refusal::Ambiguous)));
        assert_eq!(read(&["salesseek=x", "salesseek=y"]), Some(Err(Refusal::Ambiguous)));
    }
}
