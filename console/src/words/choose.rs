//! Which language somebody reads: the one they chose, else the one their browser asks for (RFC 9110 §12.5.4).

use super::Lang;
use doorward_web::HeaderMap;
use http::header;

/// Where the choice is kept.
pub(crate) const COOKIE: &str = "lang";

/// Ranges of `Accept-Language` that are looked at; browsers send fewer than ten.
const RANGES: usize = 20;

/// The language of a request's page.
pub(crate) fn chosen(headers: &HeaderMap) -> Lang {
    kept(headers).or_else(|| asked_for(headers)).unwrap_or(Lang::En)
}

fn kept(headers: &HeaderMap) -> Option<Lang> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, code)| Lang::parse(code))
}

fn asked_for(headers: &HeaderMap) -> Option<Lang> {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let ranges = values.flat_map(|text| text.split(',')).take(RANGES).filter_map(range);
    // Of equal weight the first; `max_by_key` would take the last.
    ranges
        .fold(None, |best: Option<(u16, Lang)>, (weight, lang)| match best {
            Some((heaviest, _)) if heaviest >= weight => best,
            Some(_) | None => Some((weight, lang)),
        })
        .map(|(_, lang)| lang)
}

/// The language a range means, with its weight in thousandths; `None` for one that no page speaks or nobody wants.
fn range(text: &str) -> Option<(u16, Lang)> {
    let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let weight: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
    let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
    let lang = if primary == "*" { Lang::En } else { Lang::parse(&primary)? };
    // A weight has three digits, so this is exact; what is out of range is nobody's wish.
    let thousandths = (1..=1000).contains(&((weight * 1000.0).round() as i32));
    thousandths.then(|| (u16::try_from((weight * 1000.0).round() as i32).unwrap_or(0), lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(accept: &str, cookie: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().expect("a header"));
        headers.insert(header::COOKIE, cookie.parse().expect("a header"));
        chosen(&headers)
    }

    #[test]
    fn the_heaviest_language_that_pages_speak() {
        assert_eq!(reads("de", ""), Lang::De);
        assert_eq!(reads("de-AT, en;q=0.8", ""), Lang::De);
        assert_eq!(reads("da, fr-CA;q=0.7, en;q=0.3", ""), Lang::Fr);
        assert_eq!(reads("en;q=0.2, de;q=0.9", ""), Lang::De);
        assert_eq!(reads("fr;q=0.5, de;q=0.5", ""), Lang::Fr, "of equals the first");
        assert_eq!(reads("de;q=0, fr;q=0.1", ""), Lang::Fr, "nobody wants what weighs nothing");
        assert_eq!(reads("ja, *;q=0.1", ""), Lang::En);
        for broken in ["", ";;;", "de;q=nan", "de;q=-1", "de;q=2", "de;level=1", "\u{e9}"] {
            assert_eq!(reads(broken, ""), Lang::En, "{broken}");
        }
    }

    #[test]
    fn a_choice_is_kept_whatever_the_browser_asks_for() {
        assert_eq!(reads("de", "other=1; lang=fr"), Lang::Fr);
        assert_eq!(reads("de", "lang=../../etc"), Lang::De);
        assert_eq!(reads("de", "slang=fr"), Lang::De);
    }
}
