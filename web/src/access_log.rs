//! One line per request. No header, no body, no value of a query: passwords and keys stand there (P16).

use crate::arrival::Arrival;
use http::{Method, Request, StatusCode, Uri};
use std::time::Duration;

/// What is taken from a request before it is given away.
#[derive(Debug)]
pub(crate) struct Line {
    method: Method,
    path: String,
}

impl Line {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        Self { method: request.method().clone(), path: redacted(request.uri()) }
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn write(&self, arrival: &Arrival, door: Option<&str>, status: StatusCode, took: Duration) {
        tracing::info!(
            method = %self.method,
            host = arrival.host,
            path = self.path,
            status = status.as_u16(),
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            door,
            request_id = arrival.caller.request_id,
            address = %arrival.caller.address,
            "request"
        );
    }
}

/// The path with the query's names; each value, and each name without a value, is replaced by `…`.
fn redacted(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let names: Vec<String> = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or_else(|| "…".to_owned(), |(name, _)| format!("{name}=…")))
        .collect();
    format!("{}?{}", uri.path(), names.join("&"))
}
