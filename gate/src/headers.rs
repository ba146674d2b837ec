//! The headers that tell the upstream who is calling. Every one of the chosen presets is always in the answer: with its
//! value, or empty, so that a proxy which copies the answer's headers replaces what a client sent under the name.

use bytes::{Bytes, BytesMut};
use doorward_core::verify::{Program, Who};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::fmt::{self, Write as _};

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

/// What an answer lets in.
pub(crate) struct Told<'a> {
    pub(crate) who: &'a Who,
    pub(crate) program: Option<&'a Program>,
    pub(crate) assertion: Option<HeaderValue>,
    /// The route's name, as a header says it.
    pub(crate) route: &'a HeaderValue,
}

/// What a header of an answer says.
#[derive(Clone, Copy, Debug)]
enum Says {
    About(Fact),
    /// Which route lets in.
    Route,
    /// The same to everybody.
    Always,
}

/// The headers of an installation, in the names its upstreams read.
#[derive(Clone)]
pub struct IdentityHeaders {
    /// What is said of nobody: every header, empty, and that nobody may keep the answer. Copied for each answer, because
    /// putting so many headers into a new map would cost more than finding out what they say.
    nobody: HeaderMap,
    /// What each of them says of somebody, in the map's own order.
    says: Vec<Says>,
}

impl IdentityHeaders {
    /// The headers of some presets, and our own.
    pub fn new(presets: &[Preset]) -> Self {
        Self::chosen(presets, &[])
    }

    /// The same under names that `names.rs` has checked.
    pub(crate) fn chosen(presets: &[Preset], names: &[(HeaderName, HeaderName)]) -> Self {
        let named = choice(presets, names);
        let empty = named.iter().map(|(name, _)| name.clone()).chain([ROUTE]);
        let empty = empty.map(|name| (name, HeaderValue::from_static("")));
        let always = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let nobody: HeaderMap = empty.chain([always]).collect();
        let says = |name: &HeaderName| {
            let fact = named.iter().find(|(known, _)| known == name).map(|(_, fact)| Says::About(*fact));
            fact.unwrap_or(if *name == ROUTE { Says::Route } else { Says::Always })
        };
        let says = nobody.keys().map(says).collect();
        Self { nobody, says }
    }

    /// Those that tell who is calling.
    pub(crate) fn names(&self) -> impl Iterator<Item = &HeaderName> {
        let told = self.nobody.keys().zip(&self.says).filter(|(_, says)| matches!(says, Says::About(_)));
        told.map(|(name, _)| name)
    }

    /// Says who is calling.
    pub(crate) fn of(&self, told: &Told<'_>) -> HeaderMap {
        let said = Said::of(told.who, told.program);
        let mut headers = self.nobody.clone();
        for (value, says) in headers.values_mut().zip(&self.says) {
            *value = match (says, &told.assertion) {
                (Says::About(Fact::Assertion), Some(assertion)) => assertion.clone(),
                (Says::About(fact), _) => said.about(*fact),
                (Says::Route, _) => told.route.clone(),
                (Says::Always, _) => continue,
            };
        }
        headers
    }

    /// Says that nobody is: every header, empty.
    pub(crate) fn of_nobody(&self) -> HeaderMap {
        self.nobody.clone()
    }
}

impl fmt::Debug for IdentityHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// The headers of some presets and those that have another name, and our own: each by the name it is sent under.
pub(crate) fn choice(presets: &[Preset], names: &[(HeaderName, HeaderName)]) -> Vec<(HeaderName, Fact)> {
    let of_presets = Preset::ALL.into_iter().flat_map(|preset| {
        let is_chosen = presets.contains(&preset);
        let is_wanted = move |name: &str| is_chosen || names.iter().any(|(from, _)| from.as_str() == name);
        preset.headers().into_iter().filter(move |(name, _)| is_wanted(name))
    });
    let sent_as = |(name, fact)| {
        let name = HeaderName::from_static(name);
        (names.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to.clone()), fact)
    };
    of_presets.chain(OWN).map(sent_as).collect()
}

/// All that is said, in one allocation, cut where a fact ends.
struct Said {
    text: Bytes,
    ends: [usize; FACTS.len()],
}

impl Said {
    fn of(who: &Who, program: Option<&Program>) -> Self {
        let mut text = BytesMut::with_capacity(320);
        let mut ends = [0; FACTS.len()];
        for (fact, end) in FACTS.iter().zip(&mut ends) {
            write_fact(&mut text, *fact, who, program);
            *end = text.len();
        }
        Self { text: text.freeze(), ends }
    }

    fn about(&self, fact: Fact) -> HeaderValue {
        let place = fact as usize;
        let end = |place: usize| self.ends.get(place).copied().unwrap_or_default();
        let begin = place.checked_sub(1).map_or(0, end);
        header_value(self.text.slice(begin..end(place)))
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
            let (first, last) = (who.first_name(), who.last_name());
            escape(text, first);
            if !first.is_empty() && !last.is_empty() {
                text.extend_from_slice(b" ");
            }
            escape(text, last);
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
    if value.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'%') {
        return text.extend_from_slice(value.as_bytes());
    }
    for piece in utf8_percent_encode(value, ESCAPED) {
        text.extend_from_slice(piece.as_bytes());
    }
}
