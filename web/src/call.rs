//! One request as a handler sees it.
//!
//! [`CallContext`] is what is known before the body is read, and what a dialect renders refusals with. [`Call`] adds
//! path parameters, query and body. Nothing here decides who is calling; a dialect's `admit` does.

use crate::body::LazyBody;
use crate::encoding::urlencoded;
use crate::{Fields, Metrics, Refusal, SignInOutcome};
use doorward_core::{Caller, Core, Error, ResolvedDoor};
use doorward_model::Secret;
use http::{HeaderMap, Method, Uri, header};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// What is known about a request before its body is read.
#[derive(Clone, Debug)]
pub struct CallContext<C = Core> {
    /// What operations are called on.
    pub core: Arc<C>,
    /// The door, and the slug its host named.
    pub door: ResolvedDoor,
    /// Address, agent, request id and door, as every operation wants them.
    pub caller: Caller,
    /// The method as sent; `HEAD` stays `HEAD`.
    pub method: Method,
    /// Path and query as sent.
    pub uri: Uri,
    /// The headers as sent.
    pub headers: HeaderMap,
    /// Whether the client came over TLS, here or at a trusted proxy. Cookies are `Secure` if so.
    pub secure: bool,
    /// Whether the other end of the socket is this machine.
    pub peer_is_loopback: bool,
    /// Where sign-ins are counted.
    pub metrics: Arc<Metrics>,
}

/// A request on its way to a handler. Dereferences to its [`CallContext`].
#[derive(Debug)]
pub struct Call<C = Core> {
    context: Arc<CallContext<C>>,
    parameters: Vec<(String, String)>,
    query: OnceLock<Fields>,
    body: LazyBody,
}

impl<C> Call<C> {
    pub(crate) fn new(
        context: Arc<CallContext<C>>,
        parameters: Vec<(String, String)>,
        body: LazyBody,
    ) -> Self {
        Self { context, parameters, query: OnceLock::new(), body }
    }

    /// A path parameter, percent-decoded. Empty for a name the route's path does not have.
    pub fn path(&self, name: &str) -> &str {
        self.parameters.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The query's fields. A query that cannot be read refuses when a field of it is read.
    pub fn query(&self) -> &Fields {
        self.query.get_or_init(|| {
            let query = self.context.uri.query().unwrap_or_default();
            urlencoded::parse(query.as_bytes()).unwrap_or_else(Fields::broken)
        })
    }

    /// The body's fields, whatever their encoding; read from the wire by the first call, under the limits of
    /// [`crate::limits`]. An empty body and JSON `null` have no fields.
    pub async fn body(&self) -> Result<&Fields, Refusal> {
        self.body.fields(&self.context.headers).await
    }

    /// Whether [`Call::body`] refused a body that arrived whole and is written as a list of values: a JSON array, or a
    /// form with a field of empty name. For dialects that answer in the way they were asked.
    pub fn body_is_broken_list(&self) -> bool {
        self.body.is_broken_list()
    }
}

impl<C> Deref for Call<C> {
    type Target = CallContext<C>;

    fn deref(&self) -> &CallContext<C> {
        &self.context
    }
}

impl<C> CallContext<C> {
    /// The door's public base URL for this host's slug, without a trailing slash: what printed URLs start with.
    pub fn base_url(&self) -> String {
        self.door.door.base_url(self.door.slug.as_ref().map(|slug| slug.as_str()))
    }

    /// Counts how an attempt to sign in went, and hands it on.
    pub fn counted<T>(&self, attempt: doorward_core::Result<T>) -> doorward_core::Result<T> {
        let outcome = attempt.as_ref().map_or_else(SignInOutcome::of, |_| SignInOutcome::Succeeded);
        self.metrics.sign_in(&self.door.door, outcome);
        attempt
    }

    /// A header that may be sent once. `None` if absent; refused if given twice or not text.
    pub fn header(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.headers.get_all(name).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Refusal::invalid(name, "given twice"));
        }
        let text = std::str::from_utf8(value.as_bytes());
        text.map(Some).map_err(|_| Refusal::invalid(name, "expected UTF-8 text"))
    }

    /// The `Origin` of a browser page; `None` if absent or unreadable.
    pub fn origin(&self) -> Option<&str> {
        self.headers.get(header::ORIGIN)?.to_str().ok()
    }

    /// A cookie (RFC 6265 §5.4). Two different values under one name are nobody's: [`Error::NotSignedIn`], since a
    /// neighbouring sub-domain can plant the second (cookie tossing).
    pub fn cookie(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        let headers = self.headers.get_all(header::COOKIE).iter();
        let texts = headers
            .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
            .flat_map(|text| text.split(';'));
        let mut values = texts.filter_map(|pair| pair.trim().split_once('=')).filter(|(key, _)| *key == name);
        let Some((_, first)) = values.next() else { return Ok(None) };
        if values.any(|(_, other)| other != first) {
            return Err(Refusal::Core(Error::NotSignedIn));
        }
        Ok(Some(Secret::new(first.trim_matches('"'))))
    }

    /// The token of `Authorization: Bearer …` (RFC 6750 §2.1); `None` if there is none or another scheme.
    pub fn bearer(&self) -> Result<Option<Secret>, Refusal> {
        let value = self.header(header::AUTHORIZATION.as_str())?;
        let parts = value.and_then(|text| text.split_once(' '));
        Ok(parts
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| Secret::new(token.trim())))
    }
}
