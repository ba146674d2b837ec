//! A client in the making: where Doorward is, how this service may ask, and who it is.

use crate::client::{Client, Inner};
use crate::clock::Clock;
use crate::memory::Memory;
use crate::transport::Transport;
use http::uri::{Scheme, Uri};
use http::{HeaderValue, uri::Authority};
use hyper_rustls::ConfigBuilderExt as _;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// How long a question may take with everything in it: Doorward answers in milliseconds, a hash under load in a second.
const TIMEOUT: Duration = Duration::from_secs(3);

/// A client in the making; see [`Client::builder`].
#[must_use]
pub struct Builder {
    base: String,
    token: Option<String>,
    audience: Option<String>,
    timeout: Duration,
    roots: Option<Vec<u8>>,
    remembers: bool,
    clock: Clock,
}

/// Why there is no client.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotBuilt {
    /// The base is no `https://host` or `http://host`, perhaps with a port.
    #[error("`{0}` is no base URL; expected https://id.example.com, without a path")]
    Base(String),
    /// The token would travel in the clear.
    #[error("a token goes over https, or to this machine; whoever listens could ask afterwards")]
    TokenInTheClear,
    /// The token can stand in no header.
    #[error("this is no token")]
    Token,
    /// There is no certificate in what was given as roots, or one is broken.
    #[error("the roots hold no certificate that can be read")]
    Roots,
    /// The cryptographic library does not start.
    #[error("the cryptographic library does not start")]
    Cryptography,
}

impl Builder {
    pub(crate) fn new(base: String) -> Self {
        Self {
            base,
            token: None,
            audience: None,
            timeout: TIMEOUT,
            roots: None,
            remembers: true,
            clock: Clock::machine(),
        }
    }

    /// A token of the scope `verify` (docs/operators/tokens.md). Without one, this service's address must stand in
    /// `verify.askers`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Who this service is. Bearer tokens that were made for others are refused then; where it is the name of a route, so
    /// are callers whom the route would refuse. Answers are remembered for at most 60 seconds, unless
    /// [`Self::without_memory`].
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Asks about each request, so that what was revoked is refused with the very next one.
    pub fn without_memory(mut self) -> Self {
        self.remembers = false;
        self
    }

    /// How long a question may take; three seconds unless you say otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The authorities that sign Doorward's certificate, as PEM, instead of the public ones.
    pub fn roots_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }

    /// Another clock, for tests.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The client. Nothing is asked yet.
    ///
    /// # Errors
    /// See [`NotBuilt`].
    pub fn build(self) -> Result<Client, NotBuilt> {
        let (scheme, authority) = parts(&self.base).ok_or_else(|| NotBuilt::Base(self.base.clone()))?;
        let is_private = scheme == Scheme::HTTPS || is_this_machine(&authority);
        if self.token.is_some() && !is_private {
            return Err(NotBuilt::TokenInTheClear);
        }
        let authorization = self.token.as_deref().map(bearer).transpose()?;
        let base = format!("{scheme}://{}", canonical(&scheme, &authority));
        // Without an audience no answer is signed, and so none says how long it may be kept.
        let memory = (self.remembers && self.audience.is_some()).then(Memory::new).transpose();
        Ok(Client::of(Inner {
            transport: Transport::new(base, authorization, tls(self.roots.as_deref())?, self.timeout),
            audience: self.audience,
            memory: memory.map_err(|_| NotBuilt::Cryptography)?,
            clock: self.clock,
        }))
    }
}

fn parts(base: &str) -> Option<(Scheme, Authority)> {
    let parts = Uri::try_from(base).ok()?.into_parts();
    let is_bare = parts.path_and_query.is_none_or(|path| path == "/");
    let scheme = parts.scheme.filter(|scheme| *scheme == Scheme::HTTPS || *scheme == Scheme::HTTP)?;
    let authority = parts.authority.filter(|authority| !authority.as_str().contains('@'))?;
    is_bare.then_some((scheme, authority))
}

/// As Doorward writes its own URL (WHATWG URL): lower case, no port that goes without saying.
fn canonical(scheme: &Scheme, authority: &Authority) -> String {
    let text = authority.as_str().to_ascii_lowercase();
    let usual = if *scheme == Scheme::HTTPS { ":443" } else { ":80" };
    text.strip_suffix(usual).unwrap_or(&text).to_owned()
}

fn is_this_machine(authority: &Authority) -> bool {
    let host = authority.host().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

fn bearer(token: &str) -> Result<HeaderValue, NotBuilt> {
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| NotBuilt::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

/// TLS with a provider of its own: a service may have several in its tree, and then there is no default.
fn tls(roots: Option<&[u8]>) -> Result<ClientConfig, NotBuilt> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| NotBuilt::Cryptography)?;
    let builder = match roots {
        None => builder.with_webpki_roots(),
        Some(pem) => builder.with_root_certificates(store(pem).ok_or(NotBuilt::Roots)?),
    };
    Ok(builder.with_no_client_auth())
}

/// Every certificate of the text, and at least one.
fn store(pem: &[u8]) -> Option<RootCertStore> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        store.add(certificate.ok()?).ok()?;
    }
    (!store.is_empty()).then_some(store)
}

/// Without the token.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base", &self.base)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Result<String, NotBuilt> {
        Client::builder(text).build().map(|client| client.transport().base().to_owned())
    }

    #[test]
    fn a_base_is_a_host_written_as_doorward_writes_its_own() {
        assert_eq!(base("https://ID.example.com/").unwrap(), "https://id.example.com");
        assert_eq!(base("https://id.example.com:443").unwrap(), "https://id.example.com");
        assert_eq!(base("http://id.example.com:443").unwrap(), "http://id.example.com:443");
        for text in
            ["id.example.com", "https://id.example.com/verify", "ftp://a.example", "https://a@b.example", ""]
        {
            assert_eq!(base(text), Err(NotBuilt::Base(text.to_owned())));
        }
    }

    #[test]
    fn a_token_never_travels_in_the_clear() {
        let with_token = |base: &str| Client::builder(base).token("dwt_x").build().err();
        assert_eq!(with_token("http://id.example.com"), Some(NotBuilt::TokenInTheClear));
        assert_eq!(with_token("http://10.0.0.1:8080"), Some(NotBuilt::TokenInTheClear));
        for fine in
            ["https://id.example.com", "http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost"]
        {
            assert_eq!(with_token(fine), None, "{fine}");
        }
        let broken = Client::builder("https://id.example.com").token("dwt_\n").build();
        assert_eq!(broken.err(), Some(NotBuilt::Token));
    }

    #[test]
    fn roots_are_certificates_or_nothing_is_built() {
        for pem in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let built = Client::builder("https://id.example.com").roots_pem(pem).build();
            assert_eq!(built.err(), Some(NotBuilt::Roots), "{pem}");
        }
    }

    #[test]
    fn a_token_is_not_printed() {
        let builder = Client::builder("https://id.example.com").token("dwt_hush");
        assert!(!format!("{builder:?}").contains("hush"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("hush"));
    }
}
