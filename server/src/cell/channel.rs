//! Asking other cells: HTTP, bounded in time and size, signed both ways.

use super::refusals::Refusals;
use super::signature::{Asked, Signer, check_answer, sign_request};
use super::wire::{AnswerRow, PageRow, QuestionRow};
use crate::config::{Cell, CellPeer};
use bytes::Bytes;
use doorward_core::Clock;
use doorward_core::cells::{Answer, Away, Page, Question};
use doorward_crypto::{CellKey, Random};
use doorward_model::RegionCode;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// An unused connection is closed after this: before the other side closes it, which it does after ten seconds by default.
const IDLE: Duration = Duration::from_secs(8);
/// The longest answer: a page of names is some 60 KB, a person with all facts far less.
const ANSWER_BYTES: usize = 1024 * 1024;

/// The way to the other cells, and the keys of this one.
pub(crate) struct Channel {
    pub(super) name: RegionCode,
    pub(super) key: CellKey,
    peers: Vec<CellPeer>,
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
    clock: Clock,
    /// What this cell did not take of others.
    pub(crate) refusals: Refusals,
}

/// The way cannot be set up.
#[derive(Debug, Error)]
pub(crate) enum ChannelError {
    /// A file of certificates.
    #[error("cell.extra_root_certificate: {0}")]
    Certificate(String),
    /// TLS itself.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

impl Channel {
    pub(crate) fn new(
        name: RegionCode,
        key: CellKey,
        settings: &Cell,
        clock: Clock,
    ) -> Result<Arc<Self>, ChannelError> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(settings.timeout));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(settings.extra_root_certificate.as_deref())?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let http = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
        let (peers, timeout) = (settings.peers.clone(), settings.timeout);
        Ok(Arc::new(Self { name, key, peers, http, timeout, clock, refusals: Refusals::default() }))
    }

    pub(super) fn peer(&self, cell: &RegionCode) -> Option<&CellPeer> {
        self.peers.iter().find(|peer| peer.name == *cell)
    }

    /// The names of the other cells.
    pub(crate) fn cells(&self) -> Vec<RegionCode> {
        self.peers.iter().map(|peer| peer.name.clone()).collect()
    }

    /// A page of another cell's directory.
    pub(super) async fn page(&self, cell: &RegionCode, after: i64) -> Result<Page, Away> {
        let path = format!("{}?after={after}", super::answers::DIRECTORY);
        let body = self.ask(cell, Method::GET, &path, Bytes::new()).await?;
        let row: PageRow = serde_json::from_slice(&body).map_err(|error| garbled(&error))?;
        row.page().ok_or_else(|| "its directory cannot be read".to_owned())
    }

    /// What a key's home says of a pair.
    pub(crate) async fn account(&self, home: &RegionCode, question: &Question) -> Result<Answer, Away> {
        let body = serde_json::to_vec(&QuestionRow::of(question)).map_err(|error| garbled(&error))?;
        let body = self.ask(home, Method::POST, super::answers::ACCESS_KEY, body.into()).await?;
        let row: AnswerRow = serde_json::from_slice(&body).map_err(|error| garbled(&error))?;
        row.answer().ok_or_else(|| "its answer cannot be read".to_owned())
    }

    async fn ask(&self, cell: &RegionCode, method: Method, path: &str, body: Bytes) -> Result<Bytes, Away> {
        let peer = self.peer(cell).ok_or("it is not listed in cell.peers")?;
        tokio::time::timeout(self.timeout, self.exchange(peer, method, path, body))
            .await
            .unwrap_or_else(|_late| Err(format!("it did not answer within {} ms", self.timeout.as_millis())))
    }

    async fn exchange(
        &self,
        peer: &CellPeer,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Bytes, Away> {
        let base = peer.url.as_str().trim_end_matches('/');
        let uri = Uri::try_from(format!("{base}{path}")).map_err(|error| cause(&error))?;
        let nonce = hex(&Random::os().bytes::<16>().map_err(|error| cause(&error))?);
        let signer = Signer { key: &self.key, name: &self.name, now: self.clock.now() };
        let asked = Asked { method: &method, uri: &uri, body: &body };
        let (headers, signature) =
            sign_request(&signer, &peer.name, &nonce, &asked).map_err(|error| cause(&error))?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let (head, body) = self.http.request(request).await.map_err(|error| cause(&error))?.into_parts();
        let body =
            Limited::new(body, ANSWER_BYTES).collect().await.map_err(|error| cause(&*error))?.to_bytes();
        if let Err(refused) =
            check_answer(&peer.name, &peer.keys, &signature, head.status, &head.headers, &body)
        {
            return Err(match head.status {
                StatusCode::OK => format!("its answer is not taken: {refused}"),
                // Not its word, but what helps an operator most.
                status => format!("{status}: {}", excerpt(&body)),
            });
        }
        match head.status {
            StatusCode::OK => Ok(body),
            status => Err(format!("{status}: {}", excerpt(&body))),
        }
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel")
            .field("name", &self.name)
            .field("peers", &self.peers)
            .finish_non_exhaustive()
    }
}

fn tls(extra: Option<&Path>) -> Result<ClientConfig, ChannelError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(file) = extra {
        let unusable =
            |error: &dyn std::fmt::Display| ChannelError::Certificate(format!("{}: {error}", file.display()));
        let read = CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))?;
        let mut count = 0;
        for certificate in read {
            let certificate = certificate.map_err(|error| unusable(&error))?;
            roots.add(certificate).map_err(|error| unusable(&error))?;
            count += 1;
        }
        if count == 0 {
            return Err(unusable(&"it holds no certificate"));
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Characters of a refusal that go into the log.
const EXCERPT: usize = 200;

fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().filter(|c| !c.is_control()).take(EXCERPT).collect()
}

fn garbled(error: &serde_json::Error) -> Away {
    // Where it went wrong, and nothing of what stood there: it may be somebody's.
    format!("its answer cannot be read: {:?} at column {}", error.classify(), error.column())
}

/// What went wrong, down to its cause; no part of it was chosen by a caller.
fn cause(error: &dyn std::error::Error) -> Away {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
