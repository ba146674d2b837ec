//! The way to the collector: HTTP on the server's runtime, TLS by rustls, and patience with one that is away.

use async_trait::async_trait;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use rustls::crypto::aws_lc_rs;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// How often an absent collector is worth a log line.
const COMPLAINT_ROUND: Duration = Duration::from_secs(60);

/// Sends on the server's runtime what the exporter's thread, which has none, hands over.
#[derive(Clone, Debug)]
pub(super) struct RuntimeClient {
    runtime: Handle,
    client: HyperClient<HttpsConnector<HttpConnector>>,
}

impl RuntimeClient {
    /// A client that trusts the public certificate authorities and gives up on a message after `timeout`.
    pub(super) fn new(runtime: Handle, timeout: Duration) -> Result<Self, rustls::Error> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(aws_lc_rs::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { runtime, client: HyperClient::new(connector, timeout, None) })
    }
}

#[async_trait]
impl HttpClient for RuntimeClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        self.runtime.spawn(async move { client.send_bytes(request).await }).await?
    }
}

/// An exporter that complains of failures in the log, but not of each.
#[derive(Debug)]
pub(super) struct Patient<E> {
    exporter: E,
    complained: Mutex<Option<Instant>>,
}

impl<E> Patient<E> {
    pub(super) fn new(exporter: E) -> Self {
        Self { exporter, complained: Mutex::default() }
    }

    /// Whether a minute has passed since this last said yes.
    fn may_complain(&self) -> bool {
        let mut complained = self.complained.lock().unwrap_or_else(PoisonError::into_inner);
        let may = complained.is_none_or(|last| last.elapsed() >= COMPLAINT_ROUND);
        if may {
            *complained = Some(Instant::now());
        }
        may
    }
}

impl<E: SpanExporter> SpanExporter for Patient<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let sent = self.exporter.export(batch).await;
        if let Err(error) = &sent
            && self.may_complain()
        {
            tracing::warn!(%error, spans, "traces do not reach the collector and are dropped");
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
