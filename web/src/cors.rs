//! Cross-origin calls from browsers (Fetch standard, "CORS protocol"): exact configured origins, never `*`.

use crate::{Response, reply};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// What a door allows pages of other origins. The default allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorsPolicy {
    /// Allowed origins (`https://app.example.com`), compared exactly.
    pub origins: Vec<String>,
    /// Whether cookies may be sent along.
    pub credentials: bool,
    /// Request headers a page may set; `Content-Type` must be among them where bodies are JSON.
    pub allow_headers: &'static [&'static str],
    /// Response headers a page may read.
    pub expose_headers: &'static [&'static str],
}

/// How long a browser may remember a preflight, in seconds. Short, so that a removed origin is soon refused.
const PREFLIGHT_AGE: &str = "600";

impl CorsPolicy {
    /// Marks an answer as readable by `origin`, if it is allowed.
    pub(crate) fn apply(&self, origin: &str, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if !self.origins.iter().any(|allowed| allowed == origin) {
            return;
        }
        set(headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.credentials {
            set(headers, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        if !self.expose_headers.is_empty() {
            set(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &self.expose_headers.join(", "));
        }
    }

    /// The answer to a preflight for a path that knows the methods `allow`. An origin that is not allowed gets no
    /// permission, which is how a browser is refused.
    pub(crate) fn preflight(&self, origin: &str, allow: &[Method]) -> Response {
        let mut response = options(allow);
        let headers = response.headers_mut();
        self.apply(origin, headers);
        if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
            headers.remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
            set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &names(allow));
            set(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &self.allow_headers.join(", "));
            set(headers, header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
        }
        response
    }
}

/// The answer to `OPTIONS` that is no preflight.
pub(crate) fn options(allow: &[Method]) -> Response {
    let mut response = reply::empty(StatusCode::NO_CONTENT);
    set(response.headers_mut(), header::ALLOW, &names(allow));
    response
}

/// Methods as a header lists them.
pub(crate) fn names(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // Origins came in as header text and the lists are our own words, so none is lost here.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
