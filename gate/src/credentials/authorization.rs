//! The `Authorization` header (RFC 9110 §11.6.2): one scheme and what follows it.

use crate::carried::Header;
use crate::question::Question;
use crate::refusal::Refusal;

/// What stands behind a scheme; `None` where there is no such header, or one of another scheme.
pub(super) fn credentials<'a>(question: &'a Question<'_>, scheme: &str) -> Option<Result<&'a str, Refusal>> {
    let value = match question.carried.credential(Header::Authorization)? {
        Ok(value) => value,
        Err(refusal) => return Some(Err(refusal)),
    };
    after(value, scheme).map(Ok)
}

/// What stands behind a scheme, whichever case it is written in.
pub(crate) fn after<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (named, rest) = value.split_once(' ').unwrap_or((value, ""));
    named.eq_ignore_ascii_case(scheme).then(|| rest.trim_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_read_in_any_case_and_as_a_whole_word() {
        assert_eq!(after("Bearer abc", "bearer"), Some("abc"));
        assert_eq!(after("BEARER   abc ", "bearer"), Some("abc"));
        assert_eq!(after("Bearer", "bearer"), Some(""));
        assert_eq!(after("Bearerabc", "bearer"), None);
        assert_eq!(after("Basic abc", "bearer"), None);
    }
}
