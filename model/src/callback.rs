//! Callbacks: where a mailed link may lead (P12, ASVS 3.7.2).

use thiserror::Error;
use url::Url;

/// An allowed target: exact scheme, host and port, and a path prefix that ends at a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackRule(Url);

/// A target that a rule allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback(Url);

/// The text is no absolute `http` or `https` URL without credentials.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected an absolute http or https URL without a user name")]
pub struct InvalidCallback;

fn parse(text: &str) -> Result<Url, InvalidCallback> {
    // The parser drops tabs and line ends and turns `\` into `/`; what a browser would read differently is refused.
    if text.chars().any(|c| c.is_control() || c == '\\' || c.is_whitespace()) {
        return Err(InvalidCallback);
    }
    let url = Url::parse(text).map_err(|_| InvalidCallback)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if is_web && url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err(InvalidCallback)
    }
}

impl CallbackRule {
    /// Reads a rule; query and fragment are not part of it.
    pub fn parse(text: &str) -> Result<Self, InvalidCallback> {
        let mut url = parse(text)?;
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The rule as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn allows(&self, url: &Url) -> bool {
        let prefix = self.0.path().trim_end_matches('/');
        let below = url.path().strip_prefix(prefix);
        let path_fits = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        url.origin() == self.0.origin() && path_fits
    }
}

impl Callback {
    /// Reads a target and checks it against the rules; `None` when it is malformed or no rule allows it.
    pub fn allowed(text: &str, rules: &[CallbackRule]) -> Option<Self> {
        let url = parse(text).ok()?;
        // Dot segments are resolved by the parser; encoded ones would be resolved later, by somebody else.
        let path = url.path().to_ascii_lowercase();
        let is_plain = !path.contains("%2e") && !path.contains("%2f") && !path.contains("%5c");
        (is_plain && rules.iter().any(|rule| rule.allows(&url))).then_some(Self(url))
    }

    /// The target with these parameters added: inside the fragment when it has one (`…/#reset?user_id=…`), else in
    /// the query (dialects: SalesSeek "request reset").
    pub fn with_parameters(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.0.clone();
        if let Some(fragment) = url.fragment().map(str::to_owned) {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(parameters);
            let joint = if fragment.contains('?') { '&' } else { '?' };
            url.set_fragment(Some(&format!("{fragment}{joint}{}", query.finish())));
        } else {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        url.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str) -> bool {
        let rules = [CallbackRule::parse("https://app.example/reset").unwrap()];
        Callback::allowed(text, &rules).is_some()
    }

    #[test]
    fn scheme_host_and_port_are_exact_and_the_path_is_a_prefix_of_whole_segments() {
        for good in [
            "https://app.example/reset",
            "https://app.example:443/reset/x?a=b#c",
            "https://APP.example/reset/",
        ] {
            assert!(allowed(good), "{good}");
        }
        for bad in [
            "http://app.example/reset",
            "https://app.example:8443/reset",
            "https://app.example.evil/reset",
            "https://app.example@evil/reset",
            "https://evil/https://app.example/reset",
            "https://app.example/resetting",
            "https://app.example/reset/../admin",
            "https://app.example/reset/%2e%2e/admin",
            "https://app.example\\@evil/reset",
            "//app.example/reset",
            "javascript:alert(1)",
            "https://app.example/re\tset",
            "",
        ] {
            assert!(!allowed(bad), "{bad}");
        }
    }

    #[test]
    fn parameters_follow_the_fragment_when_there_is_one() {
        let rules = [CallbackRule::parse("https://a.example/").unwrap()];
        let with = |text| {
            Callback::allowed(text, &rules).unwrap().with_parameters(&[("user_id", "7"), ("token", "ab&c")])
        };
        assert_eq!(with("https://a.example/#reset"), "https://a.example/#reset?user_id=7&token=ab%26c");
        assert_eq!(with("https://a.example/r?x=1"), "https://a.example/r?x=1&user_id=7&token=ab%26c");
    }
}
