//! What services ask: JSON into questions.

use crate::Gate;
use crate::carried::Carried;
use crate::credentials::salesseek_cookie;
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_web::{HeaderMap, HeaderName, HeaderValue, host_name, limits};
use http::{Method, header};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::IpAddr;

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Asked {
    Several(Vec<Entry>),
    One(Box<Entry>),
}

/// The longest audience: room for any host and path people write down, and a bound on what is kept.
const AUDIENCE_BYTES: usize = 255;

/// One question.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Entry {
    Credential(Bare),
    Request(Original),
}

/// A credential without a request around it. What it does not know is refused: a misspelt audience would hold a token to
/// none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bare {
    credential: Credential,
    address: Option<IpAddr>,
    audience: Option<String>,
}

/// A whole request, as the service received it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Original {
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, Values>,
    /// The client's address, where the service knows it.
    address: Option<IpAddr>,
    /// The route a token must be good at, and for which the answer is to be signed.
    audience: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Several(Vec<String>),
}

/// A bare credential.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credential {
    kind: Kind,
    host: Option<String>,
    value: String,
    secret: Option<String>,
    app_id: Option<String>,
    app_key: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Cookie,
    AuthToken,
    AccessKey,
    Session,
    Bearer,
}

/// A request with everything a question borrows from.
pub(super) struct Read {
    method: Method,
    host: String,
    target: String,
    headers: HeaderMap,
    client: Option<IpAddr>,
}

impl Entry {
    /// The route that is meant: a token must be good at it, and the answer is signed for it.
    pub(super) fn take_audience(&mut self) -> Result<Option<String>, Refusal> {
        let (Self::Credential(Bare { audience, .. }) | Self::Request(Original { audience, .. })) = self;
        let is_name = |audience: &String| (1..=AUDIENCE_BYTES).contains(&audience.len());
        audience.take().map(|audience| Some(audience).filter(is_name).ok_or(Refusal::Metadata)).transpose()
    }

    /// The request that is meant; a bare credential becomes one that carries it.
    pub(super) fn original(self, gate: &Gate) -> Result<Read, Refusal> {
        match self {
            Self::Request(original) => original.read(),
            Self::Credential(Bare { credential, address, audience: _ }) => credential.read(gate, address),
        }
    }
}

impl Read {
    /// The question it is, asked by `asker`.
    pub(super) fn question(&self, gate: &Gate, asker: IpAddr) -> Result<Question<'_>, Refusal> {
        let (path, query) = self
            .target
            .split_once('?')
            .map_or((self.target.as_str(), None), |(path, query)| (path, Some(query)));
        let door = gate.core().doors().resolve(&self.host);
        Ok(Question {
            method: self.method.clone(),
            host: self.host.as_str().into(),
            path,
            query,
            headers: &self.headers,
            carried: Carried::of(&self.headers),
            client: self.client,
            asker,
            door,
        })
    }
}

impl Original {
    /// Refused like any other malformed question: more headers than Doorward itself takes of a request.
    fn read(self) -> Result<Read, Refusal> {
        let method = Method::from_bytes(self.method.as_bytes()).map_err(|_| Refusal::Metadata)?;
        let rest = self.url.strip_prefix("https://").or_else(|| self.url.strip_prefix("http://"));
        let rest = rest.ok_or(Refusal::Metadata)?;
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let host = host_name(host).map_err(|_| Refusal::Metadata)?.into_owned();
        let mut headers = HeaderMap::new();
        for (name, values) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Refusal::Metadata)?;
            let values = match values {
                Values::One(value) => std::slice::from_ref(value),
                Values::Several(values) => values,
            };
            for value in values {
                let value = HeaderValue::from_str(value).map_err(|_| Refusal::Metadata)?;
                if headers.len() == limits::HEADER_COUNT {
                    return Err(Refusal::Metadata);
                }
                // No map of so few is full.
                headers.try_append(name.clone(), value).map_err(|_| Refusal::Metadata)?;
            }
        }
        Ok(Read { method, host, target: target.to_owned(), headers, client: self.address })
    }
}

impl Credential {
    fn read(self, gate: &Gate, client: Option<IpAddr>) -> Result<Read, Refusal> {
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, value: &str| {
            let value = HeaderValue::from_str(value).map_err(|_| Refusal::Metadata)?;
            headers.insert(HeaderName::from_static(name), value);
            Ok::<_, Refusal>(())
        };
        let host = self.host.as_deref().map(host_name).transpose().map_err(|_| Refusal::Metadata)?;
        let host = host.unwrap_or_default().into_owned();
        match self.kind {
            Kind::Cookie => {
                let door = gate.core().doors().resolve(&host);
                let name = salesseek_cookie::name(door.as_ref());
                set(header::COOKIE.as_str(), &format!("{name}={}", self.value))?;
            }
            Kind::AuthToken => set("auth-token", &self.value)?,
            Kind::AccessKey => {
                set("x-lsq-accesskey", &self.value)?;
                set("x-lsq-secretkey", self.secret.as_deref().unwrap_or_default())?;
            }
            Kind::Session => set("doorward-session", &self.value)?,
            Kind::Bearer => set("authorization", &format!("Bearer {}", self.value))?,
        }
        if let Some(app_id) = &self.app_id {
            set("app-id", app_id)?;
        }
        if let Some(app_key) = &self.app_key {
            set("app-key", app_key)?;
        }
        Ok(Read { method: Method::GET, host, target: "/".to_owned(), headers, client })
    }
}
