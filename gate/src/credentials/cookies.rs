//! Cookies (RFC 6265 §5.4) as a gate reads them: one value for a name, or nobody's.

use crate::refusal::Refusal;
use http::{HeaderMap, header};

/// The value of a cookie; a name given twice is ambiguous, since a neighbouring sub-domain can plant the second.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<Result<&'a str, Refusal>> {
    let mut found = None;
    for value in headers.get_all(header::COOKIE) {
        // Cookies of other programs may hold what is no text; ours does not.
        let Ok(text) = std::str::from_utf8(value.as_bytes()) else { continue };
        for pair in text.split(';') {
            let Some((key, value)) = pair.trim().split_once('=') else { continue };
            if key != name {
                continue;
            }
            if found.is_some() {
                return Some(Err(Refusal::Ambiguous));
            }
            found = Some(value.trim_matches('"'));
        }
    }
    found.map(Ok)
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
    fn a_name_given_twice_is_nobodys_even_with_one_value() {
        assert_eq!(read(&["salesseek=x; salesseek=x"]), Some(Err(Refusal::Ambiguous)));
        assert_eq!(read(&["salesseek=x", "salesseek=y"]), Some(Err(Refusal::Ambiguous)));
    }
}
