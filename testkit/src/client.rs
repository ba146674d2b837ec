//! Whole exchanges over a real socket: a request out, an answer in, as HTTP/1.1 on loopback.

use crate::served::{Served, Serves};
use bytes::Bytes;
use doorward_core::Core;
use doorward_web::WebSettings;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;

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

/// Sends requests to the doors of one dialect, each over a connection of its own.
#[derive(Clone)]
pub struct Client(Arc<Served>);

impl Client {
    pub(crate) fn new<D: doorward_web::Dialect>(core: &Core) -> Self {
        let doors = core.clone();
        let router = doorward_web::router::<D>(Arc::new(core.clone()));
        let settings = WebSettings::default();
        Self::of(doorward_web::service(
            settings,
            Arc::new(move || doors.doors()),
            [router],
            axum::Router::new(),
        ))
    }

    pub(crate) fn pages(core: &Core, host: &str, pages: axum::Router) -> Self {
        let doors = core.clone();
        let settings = WebSettings { house_hosts: vec![host.to_owned()], ..WebSettings::default() };
        Self::of(doorward_web::service(settings, Arc::new(move || doors.doors()), [], pages))
    }

    /// Sends requests to any service.
    pub fn of(service: impl Serves) -> Self {
        Self(Arc::new(Served::start(service)))
    }

    /// Where the service listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Sends a request from this machine over plain HTTP.
    pub async fn send(&self, request: Request) -> Answer {
        let Request(parts, body) = request;
        let stream = TcpStream::connect(self.0.address()).await.expect("a connection");
        let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.expect("HTTP/1.1");
        let connection = tokio::spawn(connection);
        let request = http::Request::from_parts(parts, Full::new(body));
        let response = sender.send_request(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        connection.abort();
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
