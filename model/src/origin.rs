//! Origins: what a browser says about the page a request comes from (RFC 6454 §6.1).

use url::Url;

/// Whether a text is a web origin exactly as browsers send it, so that comparing texts compares origins: lower case,
/// without a path, and without the port that its scheme implies.
pub fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for origin in ["https://shop.example", "http://localhost:8080", "https://[::1]:8443"] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in [
            "https://shop.example/",
            "https://Shop.example",
            "https://shop.example:443",
            "https://ana@shop.example",
            "shop.example",
            "ftp://shop.example",
            "null",
            "*",
            "",
        ] {
            assert!(!is_origin(other), "{other}");
        }
    }
}
