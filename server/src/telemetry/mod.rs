//! Traces: one per request, sent to an OpenTelemetry collector where one is configured.
//!
//! Only spans of [`TRACE_TARGET`] leave, and no log line. They are sent in batches from a bounded queue on a thread of
//! its own, so that a slow or absent collector costs traces and never a request. Sending is in `collector.rs`.

mod collector;

use collector::{Patient, RuntimeClient};
use doorward_core::TRACE_TARGET;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{
    ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider,
};
use std::time::Duration;
use thiserror::Error;
use tokio::runtime::Handle;
use tracing::{Level, Metadata};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;
use url::Url;

/// Where the protocol has traces, below the collector's address (OTLP 1.0, "OTLP/HTTP Request").
const TRACES_PATH: [&str; 2] = ["v1", "traces"];
/// Spans that wait to be sent, about 1 KiB each; what comes on top is dropped.
const QUEUE: usize = 2048;
/// Spans of one message.
const BATCH: usize = 512;
/// How long a span may wait for others before it is sent.
const BATCH_TIME: Duration = Duration::from_secs(5);
/// How long one message may take, second attempts included; also what stopping may wait for the last one.
const SEND_TIME: Duration = Duration::from_secs(5);

/// The traces of this process, on their way to a collector.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

/// Traces cannot be sent there.
#[derive(Debug, Error)]
#[error("traces cannot be sent: {0}")]
pub struct TelemetryError(String);

impl Traces {
    /// Sends to this collector from now on, on the runtime of the caller. Nobody is connected to yet.
    pub(crate) fn start(endpoint: &Url) -> Result<Self, TelemetryError> {
        let client = RuntimeClient::new(Handle::current(), SEND_TIME)?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(traces_url(endpoint)?)
            .with_timeout(SEND_TIME)
            .build()?;
        let queue = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(BATCH_TIME)
            .build();
        let batches = BatchSpanProcessor::builder(Patient::new(exporter)).with_batch_config(queue).build();
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource =
            Resource::builder_empty().with_service_name("doorward").with_attribute(version).build();
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::AlwaysOn)
            .with_resource(resource)
            .with_span_processor(batches)
            .build();
        Ok(Self { provider })
    }

    /// What collects the spans.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        let layer: OpenTelemetryLayer<S, SdkTracer> =
            tracing_opentelemetry::layer().with_tracer(self.provider.tracer("doorward"));
        let layer =
            layer.with_location(false).with_target(false).with_threads(false).with_tracked_inactivity(false);
        layer.with_filter(filter_fn(is_traced).with_max_level_hint(LevelFilter::INFO))
    }

    /// Sends what still waits.
    pub(crate) async fn stop(self) {
        // It blocks, and the sending needs this runtime.
        let stopped =
            tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(SEND_TIME)).await;
        match stopped {
            Ok(Ok(())) => {}
            // `Patient` has said so already, where it was time to.
            Ok(Err(error)) => tracing::debug!(%error, "the last traces were not sent"),
            Err(error) => tracing::warn!(%error, "the last traces were not sent"),
        }
    }
}

/// Whether this is a span for traces. Log lines are none, not even those within one.
pub(crate) fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target() == TRACE_TARGET && *metadata.level() <= Level::INFO
}

fn traces_url(endpoint: &Url) -> Result<String, TelemetryError> {
    let mut url = endpoint.clone();
    match url.path_segments_mut() {
        Ok(mut path) => path.pop_if_empty().extend(TRACES_PATH),
        Err(()) => return Err(TelemetryError(format!("{endpoint} is no http or https address"))),
    };
    Ok(url.into())
}

impl From<ExporterBuildError> for TelemetryError {
    fn from(error: ExporterBuildError) -> Self {
        Self(error.to_string())
    }
}

impl From<rustls::Error> for TelemetryError {
    fn from(error: rustls::Error) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_have_a_path_of_their_own_below_the_collector() {
        let below = |endpoint: &str| traces_url(&Url::parse(endpoint).unwrap()).unwrap();
        assert_eq!(below("http://127.0.0.1:4318"), "http://127.0.0.1:4318/v1/traces");
        assert_eq!(below("https://collect.example/otlp/"), "https://collect.example/otlp/v1/traces");
    }
}
