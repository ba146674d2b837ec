//! HTTP to Doorward: bounded in time, in size and in how much is asked at once.

use crate::denied::Unanswered;
use crate::told::garbage;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use std::error::Error as _;
use std::io;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Questions to Doorward at one time, each on a connection of its own; further ones wait, within their timeout.
const AT_ONCE: usize = 64;
/// An unused connection is closed after this: before Doorward closes it, which it does after ten seconds by default.
const IDLE: Duration = Duration::from_secs(8);
/// How long a connection may take to come up.
const CONNECT: Duration = Duration::from_secs(1);
/// The longest answer: a batch of a hundred people with hundreds of places each.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// A question whose connection was closed under it is sent once more: an idle one may close at any moment. After anything
/// else it is not: Doorward may have looked at it, and counted a wrong password.
const TRIES: usize = 2;

/// Where Doorward is, and how it is reached.
pub(crate) struct Transport {
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// `https://id.example.com`, without a slash at its end.
    base: String,
    authorization: Option<HeaderValue>,
    timeout: Duration,
    permits: Semaphore,
}

impl Transport {
    pub(crate) fn new(
        base: String,
        authorization: Option<HeaderValue>,
        tls: ClientConfig,
        timeout: Duration,
    ) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let http = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(AT_ONCE)
            .build(connector);
        Self { http, base, authorization, timeout, permits: Semaphore::new(AT_ONCE) }
    }

    /// Where Doorward is.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Asks at `POST /verify`.
    pub(crate) async fn ask(&self, question: Vec<u8>) -> Result<Bytes, Unanswered> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        self.exchange(&Method::POST, "/verify", &headers, question.into()).await
    }

    /// Reads a public page.
    pub(crate) async fn get(&self, path: &str) -> Result<Bytes, Unanswered> {
        self.exchange(&Method::GET, path, &HeaderMap::new(), Bytes::new()).await
    }

    async fn exchange(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Bytes, Unanswered> {
        let uri = Uri::try_from(format!("{}{path}", self.base)).map_err(|error| away(&error))?;
        let exchange = async {
            // Never closed, so there is always one in the end.
            let _permit = self.permits.acquire().await;
            let response = self.send(method, &uri, headers, &body).await.map_err(|error| away(&error))?;
            read(response).await
        };
        tokio::time::timeout(self.timeout, exchange).await.unwrap_or(Err(Unanswered::Timeout))
    }

    async fn send(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Incoming>, Error> {
        let mut left = TRIES;
        loop {
            left -= 1;
            let mut request = Request::new(Full::new(body.clone()));
            *request.method_mut() = method.clone();
            *request.uri_mut() = uri.clone();
            *request.headers_mut() = headers.clone();
            match self.http.request(request).await {
                Err(error) if left > 0 && is_closed_under_it(&error) => {}
                answered => return answered,
            }
        }
    }
}

/// Whether the connection ended before an answer was read.
fn is_closed_under_it(error: &Error) -> bool {
    let Some(cause) = error.source().and_then(|cause| cause.downcast_ref::<hyper::Error>()) else {
        return false;
    };
    let broken = cause.source().and_then(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    cause.is_incomplete_message()
        || cause.is_canceled()
        || cause.is_closed()
        || matches!(broken, Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe))
}

async fn read(response: Response<Incoming>) -> Result<Bytes, Unanswered> {
    let (head, body) = response.into_parts();
    match head.status {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED => return Err(Unanswered::AskerRefused),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            return Err(Unanswered::busy(retry_after(&head.headers)));
        }
        status if status.is_server_error() => return Err(Unanswered::Away(status.to_string())),
        status => return Err(garbage(&status.to_string())),
    }
    let body = Limited::new(body, ANSWER_BYTES).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { garbage("it has no end") } else { away(&*error) }
    })?;
    Ok(body.to_bytes())
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// What went wrong, down to its cause; no part of it was chosen by a caller.
fn away(error: &dyn std::error::Error) -> Unanswered {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    Unanswered::Away(text)
}
