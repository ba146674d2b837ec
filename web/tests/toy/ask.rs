//! Requests as a test writes them, and answers as it reads them.

use super::{HOST, front};
use axum::body::Body;
use doorward_web::{Connection, HeaderMap, HostRouter, StatusCode};
use http::{Request, Version};
use serde_json::Value;
use tower::ServiceExt;

/// A request in the making: from another machine, over TLS, to [`HOST`], unless told otherwise.
pub struct Ask {
    request: Request<Body>,
    peer: &'static str,
    tls: bool,
}

/// An answer.
#[derive(Debug)]
pub struct Seen {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

/// `ask("GET /things/7")`.
pub fn ask(line: &str) -> Ask {
    let (method, uri) = line.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(uri).version(Version::HTTP_11);
    let request = request.header("host", HOST).body(Body::empty()).unwrap();
    Ask { request, peer: "203.0.113.9:4711", tls: true }
}

impl Ask {
    /// Adds a header; a second one of the same name stays beside the first.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        self.request.headers_mut().append(name, value);
        self
    }

    pub fn without_header(mut self, name: &'static str) -> Self {
        self.request.headers_mut().remove(name);
        self
    }

    pub fn host(self, host: &str) -> Self {
        self.without_header("host").header("host", host)
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    pub fn json(self, body: impl Into<Body>) -> Self {
        self.header("content-type", "application/json").body(body)
    }

    pub fn form(self, body: impl Into<Body>) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded; charset=UTF-8").body(body)
    }

    /// The application that the toy dialect admits.
    pub fn admitted(self) -> Self {
        self.header("app-id", "good")
    }

    pub fn over_plain_http(mut self) -> Self {
        self.tls = false;
        self
    }

    pub fn peer(mut self, peer: &'static str) -> Self {
        self.peer = peer;
        self
    }

    pub async fn send(self) -> Seen {
        self.send_to(front()).await
    }

    pub async fn send_to(mut self, front: HostRouter) -> Seen {
        let connection = Connection { peer: self.peer.parse().unwrap(), tls: self.tls };
        self.request.extensions_mut().insert(connection);
        let (parts, body) = front.oneshot(self.request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Seen { status: parts.status, headers: parts.headers, text }
    }
}

impl Seen {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The status, and what the toy dialect says about it.
    pub fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["toy"].as_str().unwrap_or_default().to_owned())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
