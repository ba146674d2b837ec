//! Other names for the identity headers, as an operator gives them to suit what an upstream already reads.
//!
//! A new name means nothing else to HTTP, to the proxy or to us, no other header has it, and it is of letters, digits
//! and `-`: programs that cannot tell `-`, `_` and `.` apart would read one header for another.

use crate::headers::{Fact, IdentityHeaders, OWN, Preset, choice};
use http::HeaderName;
use thiserror::Error;

/// A name that cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{of}: {problem}")]
pub struct InvalidName {
    /// The header that was to be renamed, by its own name.
    pub of: HeaderName,
    /// What is wrong with the new one.
    pub problem: String,
}

/// Of the connection, or of how a message is carried and framed (RFC 9110 §7.6.1, §8; RFC 9112 §6).
const HTTP: [&str; 19] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Where questions, credentials and other parts of an answer stand; written over, they would be lost.
const OURS: [&str; 29] = [
    "app-id",
    "app-key",
    "auth-token",
    "authorization",
    "cache-control",
    "clientid",
    "cookie",
    "doorward-session",
    "forwarded",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
    "x-doorward-home",
    "x-doorward-reason",
    "x-doorward-route",
    "x-envoy-original-path",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-method",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-forwarded-uri",
    "x-lsq-accesskey",
    "x-lsq-secretkey",
    "x-original-method",
    "x-original-url",
    "x-real-ip",
];

/// Every header that can be given another name, with what it says.
pub fn nameable() -> impl Iterator<Item = (&'static str, &'static str)> {
    let presets = Preset::ALL.into_iter().flat_map(Preset::headers);
    presets.chain(OWN).map(|(name, fact)| (name, fact.says()))
}

impl IdentityHeaders {
    /// The headers of some presets, and our own, under other names: `remote-user` → `x-user`. A header that is given a
    /// name is there whether or not its preset was chosen: somebody reads that name, so it must always be written.
    ///
    /// Errors: every name that cannot be given.
    pub fn named(presets: &[Preset], names: &[(HeaderName, HeaderName)]) -> Result<Self, Vec<InvalidName>> {
        let chosen = choice(presets, names);
        let holders = |wanted: &HeaderName| chosen.iter().filter(|(name, _)| name == wanted).count();
        let problem = |(of, to): &(HeaderName, HeaderName)| {
            let problem = if !nameable().any(|(name, _)| name == of) {
                "is no identity header".to_owned()
            } else if holders(to) > 1 {
                format!("another header is called {to} already")
            } else {
                taken(to)?
            };
            Some(InvalidName { of: of.clone(), problem })
        };
        let problems: Vec<InvalidName> = names.iter().filter_map(problem).collect();
        if problems.is_empty() { Ok(Self::chosen(presets, names)) } else { Err(problems) }
    }
}

/// What is against a name, whoever else has it.
fn taken(name: &HeaderName) -> Option<String> {
    let word = name.as_str();
    if !word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Some(format!("{word} may be read as another header: letters, digits and - only"));
    }
    if HTTP.contains(&word) {
        return Some(format!("{word} means something to HTTP itself"));
    }
    OURS.contains(&word).then(|| format!("{word} already means something else to Doorward or its proxies"))
}

impl Fact {
    const fn says(self) -> &'static str {
        match self {
            Self::Person => "the person's id",
            Self::Email => "the e-mail address",
            Self::Name => "first and last name",
            Self::Roles => "kinds and roles",
            Self::Tenant => "the tenant's slug",
            Self::Company => "the tenant's number",
            Self::Application => "the program's App-Id",
            Self::Door => "the door's name",
            Self::Session => "the session's id",
            Self::Scopes => "what a bearer token may be used for",
            Self::Assertion => "all of it, signed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[(&'static str, &'static str)]) -> Result<Vec<String>, Vec<String>> {
        let name = HeaderName::from_static;
        let names: Vec<_> = names.iter().map(|(of, to)| (name(of), name(to))).collect();
        IdentityHeaders::named(&[Preset::Remote], &names)
            .map(|headers| headers.names().map(|name| name.as_str().to_owned()).collect())
            .map_err(|problems| problems.iter().map(InvalidName::to_string).collect())
    }

    #[test]
    fn a_renamed_header_is_there_once_whether_its_preset_was_chosen_or_not() {
        let names = named(&[("remote-user", "x-user"), ("x-forwarded-user", "x-id")]).unwrap();
        assert!(names.contains(&"x-user".to_owned()) && names.contains(&"x-id".to_owned()));
        assert!(
            !names.contains(&"remote-user".to_owned()) && !names.contains(&"x-forwarded-email".to_owned())
        );
        assert_eq!(names.len(), 4 + 1 + OWN.len());
    }

    #[test]
    fn two_headers_may_change_places() {
        assert!(named(&[("remote-user", "remote-email"), ("remote-email", "remote-user")]).is_ok());
    }

    #[test]
    fn names_that_mean_something_else_or_are_given_twice_are_refused() {
        for (names, wanted) in [
            (&[("remote-user", "host")][..], "host means something to HTTP itself"),
            (&[("remote-user", "content_length")], "letters, digits and - only"),
            (&[("remote-user", "x-doorward-reason")], "means something else to Doorward"),
            (&[("remote-user", "authorization")], "means something else to Doorward"),
            (&[("remote-usr", "x-user")], "remote-usr: is no identity header"),
            (
                &[("remote-user", "x-user"), ("remote-email", "x-user")],
                "remote-user: another header is called x-user",
            ),
            (
                &[("remote-user", "x-doorward-person")],
                "remote-user: another header is called x-doorward-person",
            ),
            (&[("remote-user", "remote-email")], "remote-user: another header is called remote-email"),
        ] {
            let problems = named(names).unwrap_err();
            assert!(problems.iter().any(|problem| problem.contains(wanted)), "{problems:?}");
        }
    }
}
