//! `[telemetry]`: traces for an OpenTelemetry collector.

use super::reader::Reader;
use url::Url;

/// Traces for an OpenTelemetry collector.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// Where they go; nowhere if unset.
    pub otlp_endpoint: Option<Url>,
}

impl Telemetry {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("telemetry", "Traces for an OpenTelemetry collector.");
        Self {
            otlp_endpoint: section.optional(
                "otlp_endpoint",
                "\"http://127.0.0.1:4318\"",
                "The collector's address (OTLP over HTTP; /v1/traces is appended). Unset: no traces leave.",
            ),
        }
    }
}
