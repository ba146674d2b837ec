//! The text of a `Set-Cookie` header (RFC 6265 §4.1, RFC 6265bis for `SameSite`).

use http::HeaderValue;
use std::time::Duration;

/// Which requests of other sites carry the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// None of them.
    Strict,
    /// Top-level navigation only.
    Lax,
    /// All; browsers demand `Secure` with it.
    None,
}

/// A cookie to set. Always `HttpOnly`: no door's page reads its session.
#[derive(Clone, Debug)]
pub struct Cookie<'a> {
    /// The name; a token of RFC 6265.
    pub name: &'a str,
    /// The value.
    pub value: &'a str,
    /// The path it is sent to.
    pub path: &'a str,
    /// Which requests of other sites carry it.
    pub same_site: SameSite,
    /// Whether it is sent over TLS only.
    pub secure: bool,
    /// How long it lives; `None` until the browser closes, zero to delete it.
    pub max_age: Option<Duration>,
}

impl Cookie<'_> {
    /// The header's value, marked sensitive. `None` if name, value or path hold what a cookie cannot.
    pub fn header(&self) -> Option<HeaderValue> {
        let breaks_out =
            |text: &str| text.bytes().any(|byte| matches!(byte, b';' | b',' | b'"' | b'\\' | b' '));
        if [self.name, self.value, self.path].into_iter().any(breaks_out) {
            return None;
        }
        let mut text = format!("{}={}; Path={}; HttpOnly", self.name, self.value, self.path);
        text.push_str(match self.same_site {
            SameSite::Strict => "; SameSite=Strict",
            SameSite::Lax => "; SameSite=Lax",
            SameSite::None => "; SameSite=None",
        });
        if self.secure {
            text.push_str("; Secure");
        }
        if let Some(age) = self.max_age {
            text.push_str(&format!("; Max-Age={}", age.as_secs()));
        }
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}
