//! The headers that tell the upstream who is calling. Every one of the chosen presets is always in the answer: with its
//! value, or empty, so that a proxy which copies the answer's headers replaces what a client sent under the name.

use bytes::{Bytes, BytesMut};
use doorward_core::verify::{Program, Who};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::fmt::Write as _;
use std::str::FromStr;
use thiserror::Error;

/// Why a caller was refused, for the proxy and its log; the client is never shown it.
pub(crate) const REASON: HeaderName = HeaderName::from_static("x-doorward-reason");

/// Which route let a request pass: there whenever one did, so that a proxy tells our word from a stranger's 200, which
/// names none. Empty on a refusal.
pub(crate) const ROUTE: HeaderName = HeaderName::from_static("x-doorward-route");

/// What is not visible ASCII, and the escape sign itself, so that decoding always gives the value back.
const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');

/// A family of header names that upstreams know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// `Remote-User` and its kin, as Authelia and many CGI-minded programs use them.
    Remote,
    /// `X-Auth-Request-User` and its kin, as oauth2-proxy sends them.
    XAuthRequest,
    /// `X-Forwarded-User` and its kin.
    XForwarded,
}

/// No preset of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected `remote`, `x-auth-request` or `x-forwarded`")]
pub struct UnknownPreset;

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(word: &str) -> Result<Self, UnknownPreset> {
        match word {
            "remote" => Ok(Self::Remote),
            "x-auth-request" => Ok(Self::XAuthRequest),
            "x-forwarded" => Ok(Self::XForwarded),
            _ => Err(UnknownPreset),
        }
    }
}

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fact {
    Person,
    Email,
    Name,
    Roles,
    Tenant,
    Company,
    Application,
    Door,
    Session,
    Scopes,
    /// Made elsewhere (`assertion.rs`), or empty.
    Assertion,
}

const FACTS: [Fact; 11] = [
    Fact::Person,
    Fact::Email,
    Fact::Name,
    Fact::Roles,
    Fact::Tenant,
    Fact::Company,
    Fact::Application,
    Fact::Door,
    Fact::Session,
    Fact::Scopes,
    Fact::Assertion,
];

impl Preset {
    pub(crate) const ALL: [Self; 3] = [Self::Remote, Self::XAuthRequest, Self::XForwarded];

    pub(crate) const fn headers(self) -> [(&'static str, Fact); 4] {
        match self {
            Self::Remote => [
                ("remote-user", Fact::Email),
                ("remote-groups", Fact::Roles),
                ("remote-name", Fact::Name),
                ("remote-email", Fact::Email),
            ],
            Self::XAuthRequest => [
                ("x-auth-request-user", Fact::Person),
                ("x-auth-request-email", Fact::Email),
                ("x-auth-request-groups", Fact::Roles),
                ("x-auth-request-preferred-username", Fact::Email),
            ],
            Self::XForwarded => [
                ("x-forwarded-user", Fact::Person),
                ("x-forwarded-email", Fact::Email),
                ("x-forwarded-groups", Fact::Roles),
                ("x-forwarded-preferred-username", Fact::Email),
            ],
        }
    }
}

/// Our own, always there.
pub(crate) const OWN: [(&str, Fact); 9] = [
    ("x-doorward-person", Fact::Person),
    ("x-doorward-tenant", Fact::Tenant),
    ("x-doorward-company", Fact::Company),
    ("x-doorward-roles", Fact::Roles),
    ("x-doorward-application", Fact::Application),
    ("x-doorward-door", Fact::Door),
    ("x-doorward-session", Fact::Session),
    ("x-doorward-scopes", Fact::Scopes),
    ("x-doorward-assertion", Fact::Assertion),
];

/// The headers of an installation, in the names its upstreams read.
#[derive(Clone, Debug)]
pub struct IdentityHeaders(Vec<(HeaderName, Fact)>);

impl IdentityHeaders {
    /// The headers of some presets, and our own.
    pub fn new(presets: &[Preset]) -> Self {
        Self::chosen(presets, &[])
    }

    /// The same under names that `names.rs` has checked.
    pub(crate) fn chosen(presets: &[Preset], names: &[(HeaderName, HeaderName)]) -> Self {
        let of_presets = Preset::ALL.into_iter().flat_map(|preset| {
            let is_chosen = presets.contains(&preset);
            let is_wanted =
                move |name: &str| is_chosen || names.iter().any(|(from, _)| from.as_str() == name);
            preset.headers().into_iter().filter(move |(name, _)| is_wanted(name))
        });
        let named = of_presets.chain(OWN).map(|(name, fact)| {
            let name = HeaderName::from_static(name);
            (names.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to.clone()), fact)
        });
        Self(named.collect())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &HeaderName> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Writes who is calling.
    pub(crate) fn write(
        &self,
        who: &Who,
        program: Option<&Program>,
        assertion: Option<HeaderValue>,
        into: &mut HeaderMap,
    ) {
        let mut values = Values::of(who, program);
        if let (Some(assertion), Some(place)) = (assertion, values.0.get_mut(Fact::Assertion as usize)) {
            *place = assertion;
        }
        into.reserve(self.0.len() + 2);
        for (name, fact) in &self.0 {
            into.insert(name.clone(), values.get(*fact));
        }
    }

    /// Writes that nobody is: every header, empty.
    pub(crate) fn write_nobody(&self, into: &mut HeaderMap) {
        for (name, _) in &self.0 {
            into.insert(name.clone(), HeaderValue::from_static(""));
        }
    }
}

/// All values in one allocation, cut where one ends.
struct Values([HeaderValue; FACTS.len()]);

impl Values {
    fn of(who: &Who, program: Option<&Program>) -> Self {
        let mut text = BytesMut::with_capacity(320);
        let mut ends = [0; FACTS.len()];
        for (fact, end) in FACTS.iter().zip(&mut ends) {
            write_fact(&mut text, *fact, who, program);
            *end = text.len();
        }
        let text = text.freeze();
        let mut begin = 0;
        Self(ends.map(|end| {
            let value = text.slice(begin..end);
            begin = end;
            header_value(value)
        }))
    }

    fn get(&self, fact: Fact) -> HeaderValue {
        let known = self.0.get(fact as usize);
        known.cloned().unwrap_or_else(|| HeaderValue::from_static(""))
    }
}

/// What was escaped is always a header value; were it not, nothing said is safer than something half-said.
fn header_value(text: Bytes) -> HeaderValue {
    HeaderValue::from_maybe_shared(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn write_fact(text: &mut BytesMut, fact: Fact, who: &Who, program: Option<&Program>) {
    let mut id = [0; uuid::fmt::Hyphenated::LENGTH];
    match fact {
        Fact::Person => {
            if let Some(person) = who.person() {
                text.extend_from_slice(person.uuid().hyphenated().encode_lower(&mut id).as_bytes());
            }
        }
        Fact::Session => {
            if let Some(session) = who.session() {
                text.extend_from_slice(session.uuid().hyphenated().encode_lower(&mut id).as_bytes());
            }
        }
        Fact::Email => escape(text, who.email()),
        Fact::Name => {
            escape(text, who.first_name());
            if !who.first_name().is_empty() && !who.last_name().is_empty() {
                text.extend_from_slice(b" ");
            }
            escape(text, who.last_name());
        }
        Fact::Roles => {
            for (index, place) in who.places_here().enumerate() {
                if index > 0 {
                    text.extend_from_slice(b",");
                }
                // Writing into memory does not fail.
                let _written = write!(text, "{place}");
            }
        }
        Fact::Scopes => {
            for (index, scope) in who.scopes().iter().enumerate() {
                if index > 0 {
                    text.extend_from_slice(b" ");
                }
                escape(text, scope);
            }
        }
        Fact::Tenant => escape(text, who.tenant().slug.as_str()),
        Fact::Company => {
            // Writing into memory does not fail.
            let _written = write!(text, "{}", who.tenant().number.get());
        }
        Fact::Application => {
            if let Some(program) = program.or(who.application()) {
                escape(text, program.app_id.as_str());
            }
        }
        Fact::Assertion => {}
        Fact::Door => {
            if let Some(door) = who.door() {
                escape(text, &door.name);
            }
        }
    }
}

/// A text of the operator's as a header value.
pub(crate) fn escaped(value: &str) -> HeaderValue {
    let mut text = BytesMut::with_capacity(value.len());
    escape(&mut text, value);
    header_value(text.freeze())
}

fn escape(text: &mut BytesMut, value: &str) {
    for piece in utf8_percent_encode(value, ESCAPED) {
        text.extend_from_slice(piece.as_bytes());
    }
}
