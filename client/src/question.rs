//! The question: a request as Doorward must see it, or a bare credential.
//!
//! Of a request only what a credential can stand in is told: method, host, the headers and query fields that carry one.
//! So an answer never depends on anything that the memory's key (`memory.rs`) leaves out, and paths, searches and other
//! headers of callers stay at home.

use crate::credential::Credential;
use crate::denied::{Reason, Refused};
use form_urlencoded::Serializer;
use http::header::{AUTHORIZATION, HOST, USER_AGENT};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, Uri};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

/// Headers in which a credential stands (verify.md: Credentials), beside those of LeadSquared's pair.
const CARRIERS: [&str; 4] = ["cookie", "authorization", "auth-token", "doorward-session"];
/// Headers that say whose it is: the program, and the tenant at SalesSeek hosts without a slug.
const COMPANIONS: [&str; 3] = ["app-id", "app-key", "clientid"];
/// Headers and query fields of LeadSquared's pair.
const PAIR_HEADERS: [&str; 2] = ["x-lsq-accesskey", "x-lsq-secretkey"];
const PAIR_FIELDS: [&str; 2] = ["accesskey", "secretkey"];
/// In place of what is no visible ASCII: such a value is no credential, but that it was there counts.
const UNREADABLE: char = '?';

/// Something to ask about: made from a request's head, or from a [`Credential`].
#[derive(Clone)]
pub struct Question {
    asked: Result<Asked, Refused>,
    address: Option<IpAddr>,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Asked {
    Request(Request),
    Credential { credential: Credential },
}

#[derive(Clone, Serialize)]
struct Request {
    method: String,
    url: String,
    headers: BTreeMap<&'static str, Vec<String>>,
    #[serde(skip)]
    is_counted: bool,
}

/// One question on the wire.
#[derive(Serialize)]
pub(crate) struct Entry<'a> {
    #[serde(flatten)]
    asked: &'a Asked,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
}

impl Question {
    /// Names the client's address, where the service knows it: wrong passwords (Basic) and wrong keys are then counted
    /// against the client, and not against the service.
    #[must_use]
    pub const fn from_address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        Self { asked: Request::of(method, uri, headers).map(Asked::Request), address: None }
    }

    /// What is sent; a request that cannot be asked about is refused here.
    pub(crate) fn entry<'a>(&'a self, audience: Option<&'a str>) -> Result<Entry<'a>, Refused> {
        let asked = self.asked.as_ref().map_err(Refused::clone)?;
        Ok(Entry { asked, audience, address: self.address })
    }

    /// Whether Doorward counts each use of the credential, so that no answer may stand for two: key pairs have a window,
    /// names and passwords a guard against guessing.
    pub(crate) fn is_counted(&self) -> bool {
        match &self.asked {
            Ok(Asked::Request(request)) => request.is_counted,
            Ok(Asked::Credential { credential }) => credential.is_counted(),
            Err(_) => false,
        }
    }
}

impl Entry<'_> {
    /// What decides the answer: everything but the address, against which only failures are counted.
    pub(crate) fn without_address(&self) -> Self {
        Self { asked: self.asked, audience: self.audience, address: None }
    }
}

impl From<&Parts> for Question {
    fn from(parts: &Parts) -> Self {
        Self::of(&parts.method, &parts.uri, &parts.headers)
    }
}

impl<B> From<&http::Request<B>> for Question {
    fn from(request: &http::Request<B>) -> Self {
        Self::of(request.method(), request.uri(), request.headers())
    }
}

impl From<Credential> for Question {
    fn from(credential: Credential) -> Self {
        Self { asked: Ok(Asked::Credential { credential }), address: None }
    }
}

impl Request {
    fn of(method: &Method, uri: &Uri, from: &HeaderMap) -> Result<Self, Refused> {
        let host = host(uri, from)?;
        let query = pair(uri.query().unwrap_or_default());
        let mut headers = BTreeMap::new();
        for name in CARRIERS.into_iter().chain(PAIR_HEADERS) {
            tell(name, from, &mut headers);
        }
        if headers.is_empty() && query.is_none() {
            return Err(Refused::of(Reason::None));
        }
        for name in COMPANIONS {
            tell(name, from, &mut headers);
        }
        let has_password = from.get_all(AUTHORIZATION).iter().any(is_basic);
        if has_password {
            // It is written down with the attempt.
            tell(USER_AGENT.as_str(), from, &mut headers);
        }
        let has_pair = query.is_some() || PAIR_HEADERS.iter().any(|name| headers.contains_key(name));
        Ok(Self {
            method: method.as_str().to_owned(),
            url: format!("https://{host}/{}", query.unwrap_or_default()),
            headers,
            is_counted: has_password || has_pair,
        })
    }
}

/// The host the request was sent to: the target's or that of the one `Host`, which agree where both stand, as the service
/// may read either.
fn host(uri: &Uri, headers: &HeaderMap) -> Result<Authority, Refused> {
    let mut values = headers.get_all(HOST).iter();
    let named = match (values.next(), values.next(), uri.authority()) {
        (Some(value), None, asked) => {
            let named = Authority::try_from(value.as_bytes()).ok();
            named.filter(|named| asked.is_none_or(|asked| asked == named))
        }
        (None, _, asked) => asked.cloned(),
        (Some(_), Some(_), _) => None,
    };
    named.filter(|host| !host.as_str().contains('@')).ok_or_else(|| Refused::of(Reason::Metadata))
}

/// The fields of LeadSquared's pair, if the query has any, as a query.
fn pair(query: &str) -> Option<String> {
    let is_half = |name: &str| PAIR_FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field));
    let mut fields = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| is_half(name)).peekable();
    fields.peek()?;
    Some(Serializer::for_suffix("?".to_owned(), 1).extend_pairs(fields).finish())
}

fn tell(name: &'static str, from: &HeaderMap, into: &mut BTreeMap<&'static str, Vec<String>>) {
    let values: Vec<String> = from.get_all(name).iter().map(readable).collect();
    if !values.is_empty() {
        into.insert(name, values);
    }
}

fn readable(value: &HeaderValue) -> String {
    let is_readable = |byte: &u8| matches!(byte, b' '..=b'~');
    value
        .as_bytes()
        .iter()
        .map(|byte| if is_readable(byte) { char::from(*byte) } else { UNREADABLE })
        .collect()
}

fn is_basic(value: &HeaderValue) -> bool {
    let scheme = value.as_bytes().split(|byte| *byte == b' ').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case(b"basic")
}

/// Never what a credential is worth.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Question");
        match &self.asked {
            Ok(Asked::Request(request)) => told.field("method", &request.method),
            Ok(Asked::Credential { credential }) => told.field("credential", credential),
            Err(refused) => told.field("refused", refused),
        };
        told.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn asked(request: http::request::Builder) -> Result<Value, Reason> {
        let question = Question::from(&request.body(()).unwrap());
        let entry = question.entry(Some("billing")).map_err(|refused| refused.reason)?;
        Ok(serde_json::to_value(entry).unwrap())
    }

    fn at_harbour(uri: &str) -> http::request::Builder {
        http::Request::get(uri).header("host", "harbour.example:8443")
    }

    #[test]
    fn of_a_request_only_what_carries_a_credential_is_told() {
        let request = at_harbour("/people?search=zoe&accessKey=a%20b&x=1&SECRETKEY=c")
            .header("cookie", "a=b; salesseek=x")
            .header("app-id", "till0001")
            .header("user-agent", "curl")
            .header("x-doorward-person", "root");
        assert_eq!(
            asked(request).unwrap(),
            json!({
                "method": "GET",
                "url": "https://harbour.example:8443/?accessKey=a+b&SECRETKEY=c",
                "headers": { "cookie": ["a=b; salesseek=x"], "app-id": ["till0001"] },
                "audience": "billing",
            })
        );
    }

    #[test]
    fn what_is_given_twice_or_unreadable_stays_so() {
        let unreadable = HeaderValue::from_bytes(b"salesseek=\xc3\xa9").unwrap();
        let request = at_harbour("/").header("doorward-session", "a").header("doorward-session", "b");
        let told = asked(request.header("cookie", unreadable)).unwrap();
        assert_eq!(told["headers"], json!({ "cookie": ["salesseek=??"], "doorward-session": ["a", "b"] }));
    }

    #[test]
    fn without_a_credential_nobody_is_asked() {
        assert_eq!(asked(at_harbour("/x?page=2").header("app-id", "till0001")), Err(Reason::None));
    }

    #[test]
    fn the_host_is_one_and_clear() {
        let cookie = |request: http::request::Builder| request.header("cookie", "salesseek=x");
        assert_eq!(asked(cookie(http::Request::get("/"))), Err(Reason::Metadata));
        assert_eq!(asked(cookie(at_harbour("/").header("host", "b.example"))), Err(Reason::Metadata));
        for host in ["a.example/b", "a.example?b", "a example", "", "a.example#", "b.example@a.example"] {
            let request = http::Request::get("/").header("host", host);
            assert_eq!(asked(cookie(request)), Err(Reason::Metadata), "{host}");
        }
        let absolute = cookie(http::Request::get("http://b.example/x")).header("host", "c.example");
        assert_eq!(asked(absolute), Err(Reason::Metadata));
        let absolute = cookie(http::Request::get("http://b.example/x")).header("host", "B.example");
        assert_eq!(asked(absolute).unwrap()["url"], "https://B.example/");
    }

    #[test]
    fn what_is_counted_is_known_by_where_it_stands() {
        for (name, value, is_counted) in [
            ("authorization", "bAsIc YTpi", true),
            ("authorization", "Bearer dwt_x", false),
            ("x-lsq-secretkey", "x", true),
            ("cookie", "salesseek=x", false),
        ] {
            let request = at_harbour("/").header(name, value).body(()).unwrap();
            assert_eq!(Question::from(&request).is_counted(), is_counted, "{name}");
        }
        assert!(Question::from(&at_harbour("/?AccessKey=x").body(()).unwrap()).is_counted());
        assert!(Question::from(Credential::access_key("a", "b")).is_counted());
        assert!(!Question::from(Credential::bearer("dwt_x")).is_counted());
    }

    #[test]
    fn nothing_secret_is_printed() {
        let request = at_harbour("/?secretKey=hush").header("cookie", "salesseek=hush").body(()).unwrap();
        let credential = Credential::access_key("hush", "hush").app_key("hush").at_host("a.example");
        for printed in [
            format!("{:?}", Question::from(&request)),
            format!("{credential:?}"),
            format!("{:?}", Question::from(credential)),
        ] {
            assert!(!printed.contains("hush"), "{printed}");
        }
    }
}
