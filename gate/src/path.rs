//! A path as it is matched: percent-decoded once. What two readers could take for different paths is refused, because
//! the proxy, the upstream and we must not disagree about what is protected (promises: P15).

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A path that cannot be matched safely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ambiguous;

/// Decodes a path. Refused are: no leading slash, `.` and `..` segments (encoded or not, with blanks or
/// without), empty segments inside, also
/// those that only parameters fill, backslashes, encoded slashes, `?` and `#`, control characters and what is no UTF-8
/// once decoded.
pub(crate) fn normalised(path: &str) -> Result<Cow<'_, str>, Ambiguous> {
    // A fragment is none of a request's (RFC 9112 §3.2), yet some servers cut the path there.
    if !path.starts_with('/') || path.contains("//") || path.contains('#') {
        return Err(Ambiguous);
    }
    if is_plain(path) {
        return Ok(Cow::Borrowed(path));
    }
    if has_encoded_slash(path) {
        return Err(Ambiguous);
    }
    let decoded = percent_decode_str(path).decode_utf8().map_err(|_| Ambiguous)?;
    // A decoded `?` or `#` ends the path for whoever decodes before they cut.
    let is_unambiguous = decoded.chars().all(|sign| !sign.is_control() && !matches!(sign, '\\' | '?' | '#'))
        // What still holds an escape after decoding was encoded twice; somebody behind us may decode it again.
        && !is_encoded(&decoded)
        && decoded.split('/').all(|segment| !is_of_dots(without_parameters(segment)))
        && !has_segment_of_parameters(&decoded);
    if is_unambiguous { Ok(decoded) } else { Err(Ambiguous) }
}

/// `.` and `..`, also for services that trim blanks and dots off a name, as those on Windows do.
fn is_of_dots(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| matches!(byte, b'.' | b' '))
}

/// Whether nothing in a path could be read in two ways, as in nearly all.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'~'))
}

fn has_encoded_slash(path: &str) -> bool {
    path.as_bytes()
        .windows(3)
        .any(|three| matches!(three, [b'%', b'2', b'f' | b'F'] | [b'%', b'5', b'c' | b'C']))
}

fn is_encoded(text: &str) -> bool {
    text.as_bytes().windows(3).any(
        |three| matches!(three, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()),
    )
}

/// A path as servers see it that cut `;…` off each segment, if that is another one.
pub(crate) fn cut(path: &str) -> Option<String> {
    path.contains(';').then(|| path.split('/').map(without_parameters).collect::<Vec<_>>().join("/"))
}

/// Servers that cut `;…` off see `//admin` in `/;x/admin`, and then perhaps `/admin`. The last segment may be so:
/// `/;jsessionid=…` is how they write `/`.
fn has_segment_of_parameters(path: &str) -> bool {
    let inner = path.rsplit_once('/').map_or("", |(inner, _last)| inner);
    inner.split('/').skip(1).any(|segment| without_parameters(segment).is_empty())
}

/// Some servers cut `;…` off a segment, and then see `..` in `..;x`.
fn without_parameters(segment: &str) -> &str {
    segment.split(';').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_are_decoded_once() {
        for (path, wanted) in [
            ("/", "/"),
            ("/api/people/7", "/api/people/7"),
            ("/caf%C3%A9", "/café"),
            ("/a%20b/", "/a b/"),
            ("/.well-known/x", "/.well-known/x"),
            ("/;jsessionid=7", "/;jsessionid=7"),
            ("/a;b/c;d/", "/a;b/c;d/"),
        ] {
            assert_eq!(normalised(path).as_deref(), Ok(wanted));
        }
    }

    #[test]
    fn parameters_are_cut_off_each_segment() {
        assert_eq!(cut("/admin;x/users;y=1").as_deref(), Some("/admin/users"));
        assert_eq!(cut("/admin/users"), None);
    }

    #[test]
    fn whatever_two_readers_could_see_differently_is_refused() {
        for path in [
            "",
            "api",
            "/a/../b",
            "/a/..",
            "/./a",
            "/%2e%2e/b",
            "/a/%2E%2e/b",
            "/..;x/b",
            "/..%20/b",
            "/a/%20..",
            "/.%20;x/b",
            "/.../b",
            "/a/%20/b",
            "/a%2fb",
            "/a%2Fb",
            "/a\\b",
            "/a%5cb",
            "/a%00b",
            "/a%0ab",
            "/%ff",
            "//evil.example/a",
            "/a//b",
            "/a%252fb",
            "/%252e%252e/b",
            "/admin#x",
            "/admin%23x",
            "/admin%3Fx",
            "/admin%3faccessKey=x",
            "/;x/admin",
            "/;/admin",
            "/%3b/admin",
            "/%3Bx/admin",
            "/a/;/admin",
            "/a/;x=1/",
        ] {
            assert_eq!(normalised(path), Err(Ambiguous), "{path}");
        }
    }
}
