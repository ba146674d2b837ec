//! One span per request, for traces. Never a query, nor what could be one: passwords and keys stand there (P16).
//!
//! Attributes are named as OpenTelemetry's conventions for HTTP servers name them. Where nobody collects traces a
//! span is never made.

use crate::access_log::without_secrets;
use crate::arrival::Arrival;
use doorward_core::TRACE_TARGET;
use http::{StatusCode, request};
use tracing::Span;
use tracing::field::Empty;

/// The span of a request that leads to this dialect and door.
pub(crate) fn of_request(
    parts: &request::Parts,
    arrival: &Arrival,
    dialect: &'static str,
    door: Option<&str>,
) -> Span {
    tracing::info_span!(
        target: TRACE_TARGET,
        "request",
        otel.name = %format_args!("{} {dialect}", parts.method),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = %parts.method,
        http.response.status_code = Empty,
        server.address = arrival.host,
        url.path = without_secrets(parts.uri.path()),
        doorward.dialect = dialect,
        doorward.door = door,
        doorward.request_id = arrival.caller.request_id,
    )
}

/// Notes how it was answered. A span without a status is of a client that hung up.
pub(crate) fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}
