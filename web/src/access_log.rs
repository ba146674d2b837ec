//! One line per request. No header, no body, no value of a query: passwords and keys stand there (P16).

use crate::arrival::Arrival;
use http::{Method, StatusCode, Uri, request};
use std::time::{Duration, Instant};

/// A request's line. Dropped unwritten, because the client hung up, it says so: what nobody waited for is seen too.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    arrival: &'a Arrival,
    method: Method,
    path: String,
    started: Instant,
    is_written: bool,
}

impl<'a> Line<'a> {
    pub(crate) fn start(parts: &request::Parts, arrival: &'a Arrival) -> Self {
        let (method, path) = (parts.method.clone(), redacted(&parts.uri));
        Self { arrival, method, path, started: Instant::now(), is_written: false }
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// Writes the line and returns how long the answer took.
    pub(crate) fn answered(mut self, door: Option<&str>, status: StatusCode) -> Duration {
        self.is_written = true;
        self.write(door, Some(status));
        self.started.elapsed()
    }

    fn write(&self, door: Option<&str>, status: Option<StatusCode>) {
        let caller = &self.arrival.caller;
        tracing::info!(
            method = %self.method,
            host = self.arrival.host,
            path = self.path,
            status = status.map(|status| status.as_u16()),
            micros = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX),
            door,
            request_id = caller.request_id,
            address = %caller.address,
            "{}",
            if status.is_some() { "request" } else { "client hung up" }
        );
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if !self.is_written {
            self.write(None, None);
        }
    }
}

/// The path with the query's names; each value, and each name without a value, is replaced by `…`.
fn redacted(uri: &Uri) -> String {
    let path = without_secrets(uri.path());
    let Some(query) = uri.query() else { return path.to_owned() };
    let names: Vec<String> = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or_else(|| "…".to_owned(), |(name, _)| format!("{name}=…")))
        .collect();
    format!("{path}?{}", names.join("&"))
}

/// A path up to where it could hold a credential, for logs: `;jsessionid=…`, or a query that was encoded by mistake.
pub fn without_secrets(path: &str) -> &str {
    let is_end = |(at, byte): (usize, &u8)| {
        let escape = path.as_bytes().get(at + 1..at + 3);
        matches!((byte, escape), (b';' | b'?', _) | (b'%', Some([b'3', b'b' | b'B' | b'f' | b'F'])))
    };
    let end = path.as_bytes().iter().enumerate().position(is_end);
    end.and_then(|end| path.get(..end)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_secret_of_a_path_is_not_logged() {
        for (path, logged) in [
            ("/api/people/7", "/api/people/7"),
            ("/a;jsessionid=7/b", "/a"),
            ("/a%3bjsessionid=7", "/a"),
            ("/a%3Bjsessionid=7", "/a"),
            ("/a%3faccessKey=7", "/a"),
            ("/a%3FaccessKey=7", "/a"),
            ("/a?accessKey=7", "/a"),
            ("/caf%C3%A9%", "/caf%C3%A9%"),
            ("/é%3f", "/é"),
        ] {
            assert_eq!(without_secrets(path), logged);
        }
    }
}
