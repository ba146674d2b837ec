//! The language that somebody chose for pages.

use doorward_model::Language;
use doorward_web::HeaderMap;
use http::header;

/// Where the choice is kept.
pub(crate) const COOKIE: &str = "lang";

/// What was chosen; `None` where the browser's own wish holds.
pub(crate) fn chosen(headers: &HeaderMap) -> Option<Language> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, tag)| Language::parse(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_one_of_our_languages() {
        let kept = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().expect("a header"));
            chosen(&headers)
        };
        assert_eq!(kept("other=1; lang=fr"), Some(Language::Fr));
        assert_eq!(kept("lang=../../etc"), None);
        assert_eq!(kept("slang=fr"), None);
    }
}
