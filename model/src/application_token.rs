//! Bearer tokens of applications: with one a program speaks for itself, and for no person.

use crate::{ApplicationId, ApplicationTokenId, PoolId, Timestamp};

/// What every token begins with, so that people and programs that look for leaked secrets recognise one.
pub const TOKEN_PREFIX: &str = "dwt_";

/// The longest scope: a word, not a sentence.
const SCOPE_CHARS: usize = 64;
/// The longest audience: a host and a path fit.
const AUDIENCE_CHARS: usize = 250;

/// A bearer token of an application; the token itself is stored hashed.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationToken {
    /// The id.
    pub id: ApplicationTokenId,
    /// The pool of its application.
    pub pool: PoolId,
    /// Whose it is; it ends with it.
    pub application: ApplicationId,
    /// What people read.
    pub label: String,
    /// What it may be used for, as the services behind Doorward understand it.
    pub scopes: Vec<String>,
    /// Where it is good.
    pub audience: Audience,
    /// Refused from this moment; `None` never ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, rounded.
    pub last_used_at: Option<Timestamp>,
}

/// Where a token is good.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// At every route.
    Any,
    /// At the route of this name.
    Route(String),
}

impl Audience {
    const ANY: &str = "*";

    /// Reads `*` or a route's name, which is one word.
    pub fn parse(text: &str) -> Option<Self> {
        let is_word = (1..=AUDIENCE_CHARS).contains(&text.chars().count())
            && !text.chars().any(|sign| sign.is_whitespace() || sign.is_control());
        match text {
            Self::ANY => Some(Self::Any),
            name => is_word.then(|| Self::Route(name.to_owned())),
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Any => Self::ANY,
            Self::Route(name) => name,
        }
    }

    /// Whether a token for this audience is good at a route.
    pub fn admits(&self, route: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Route(name) => name == route,
        }
    }
}

/// Whether a text is one scope: visible ASCII without `"` and `\` (RFC 6749 §3.3), at most 64 characters.
pub fn is_scope(text: &str) -> bool {
    (1..=SCOPE_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_every_route_or_one_name() {
        assert_eq!(Audience::parse("*"), Some(Audience::Any));
        let crm = Audience::parse("crm.example.com/api").unwrap();
        assert_eq!(crm.as_str(), "crm.example.com/api");
        assert!(crm.admits("crm.example.com/api") && !crm.admits("crm.example.com/apis"));
        assert!(Audience::Any.admits("anything"));
        for wrong in ["", "two words", "a\nb", &"x".repeat(251)] {
            assert_eq!(Audience::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_scope_is_one_visible_word() {
        assert!(is_scope("people:read") && is_scope("*") && is_scope(&"x".repeat(64)));
        for wrong in ["", "two words", "quo\"te", "back\\slash", "caf\u{e9}", &"x".repeat(65)] {
            assert!(!is_scope(wrong), "{wrong:?}");
        }
    }
}
