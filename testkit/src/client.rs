//! Whole exchanges through the in-process router: a request in, an answer out.

use bytes::Bytes;
use doorward_core::Core;
use doorward_web::{Connection, HostRouter, WebSettings};
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt as _;

/// A request in the making: `Request::post("shop.example", "/api/login").json(…)`.
#[derive(Clone, Debug)]
pub struct Request(http::request::Parts, Bytes);

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Sends requests to the doors of one dialect.
#[derive(Clone)]
pub struct Client(HostRouter);

impl Client {
    pub(crate) fn new<D: doorward_web::Dialect>(core: &Core) -> Self {
        let doors = core.clone();
        let router = doorward_web::router::<D>(Arc::new(core.clone()));
        let settings = WebSettings::default();
        Self(doorward_web::service(settings, Arc::new(move || doors.doors()), [router], axum::Router::new()))
    }

    pub(crate) fn pages(core: &Core, host: &str, pages: axum::Router) -> Self {
        let doors = core.clone();
        let settings = WebSettings { house_hosts: vec![host.to_owned()], ..WebSettings::default() };
        Self(doorward_web::service(settings, Arc::new(move || doors.doors()), [], pages))
    }

    /// Sends a request from this machine over plain HTTP.
    pub async fn send(&self, request: Request) -> Answer {
        let Request(mut parts, body) = request;
        let peer = "127.0.0.1:50000".parse().expect("an address");
        parts.extensions.insert(Connection { peer, tls: false });
        let request = http::Request::from_parts(parts, Full::new(body));
        let response = self.0.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Request {
    /// Any method.
    pub fn new(method: &str, host: &str, path: &str) -> Self {
        let request = http::Request::builder().method(method).uri(path).header(header::HOST, host);
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Self(parts, Bytes::new())
    }

    /// A `GET`.
    pub fn get(host: &str, path: &str) -> Self {
        Self::new("GET", host, path)
    }

    /// A `POST`.
    pub fn post(host: &str, path: &str) -> Self {
        Self::new("POST", host, path)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        self.0.headers.append(name, value.parse().expect("a header value"));
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// A body of any type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.1 = body.into();
        self.header("content-type", content_type)
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
