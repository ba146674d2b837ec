//! The top of every request: id, address, host, then a door, the house, or nobody; then headers, figures and log.
//!
//! The house is Doorward's own surface (health, metrics, console …) on hosts of its own. An unknown host reaches
//! neither it nor a door.

use crate::access_log::Line;
use crate::arrival::Arrival;
use crate::contain::contain;
use crate::request_id::{self, RequestIds};
use crate::router::Knock;
use crate::{DoorRouter, Metrics, Response, TrustedProxies, headers, limits, reply, span};
use axum::body::{Body, HttpBody};
use bytes::Bytes;
use doorward_core::{DoorTable, ResolvedDoor};
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Limited;
use serde_json::json;
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tower::{BoxError, Service, ServiceExt};
use tracing::Instrument as _;

/// Where the doors are looked up, on every request: `move || core.doors()`.
pub type DoorSource = Arc<dyn Fn() -> Arc<DoorTable> + Send + Sync>;

/// What an operator decides about the HTTP side.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// Whose forwarding headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether doors answer plain HTTP of other machines. Never in production.
    pub allow_plain_http: bool,
    /// Hosts of Doorward's own surface: lower case, no port.
    pub house_hosts: Vec<String>,
    /// The largest body in bytes, where a route does not say otherwise.
    pub body_bytes: usize,
    /// Where requests are counted.
    pub metrics: Arc<Metrics>,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: TrustedProxies::default(),
            allow_plain_http: false,
            house_hosts: Vec::new(),
            body_bytes: limits::BODY_BYTES,
            metrics: Arc::default(),
        }
    }
}

/// Puts the whole HTTP side together.
pub fn service(
    settings: WebSettings,
    doors: DoorSource,
    dialects: impl IntoIterator<Item = DoorRouter>,
    house: axum::Router,
) -> HostRouter {
    let dialects = dialects.into_iter().map(|router| (router.name, router)).collect();
    HostRouter(Arc::new(Front { settings, doors, dialects, house, ids: RequestIds::default() }))
}

/// The service a listener runs. Requests carry a [`crate::Connection`] as extension. Cheap to clone.
#[derive(Clone)]
pub struct HostRouter(Arc<Front>);

struct Front {
    settings: WebSettings,
    doors: DoorSource,
    dialects: HashMap<&'static str, DoorRouter>,
    house: axum::Router,
    ids: RequestIds,
}

/// Where a host leads.
enum Target {
    Door(ResolvedDoor, DoorRouter),
    House,
    Nobody,
}

impl Target {
    /// The label in figures.
    fn dialect(&self) -> &'static str {
        match self {
            Self::Door(_, router) => router.name,
            Self::House => "house",
            Self::Nobody => "none",
        }
    }

    fn door_name(&self) -> Option<&str> {
        match self {
            Self::Door(resolved, _) => Some(&resolved.door.name),
            Self::House | Self::Nobody => None,
        }
    }
}

impl<B> Service<Request<B>> for HostRouter
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let router = self.clone();
        Box::pin(async move { Ok(router.answer(request).await) })
    }
}

impl HostRouter {
    /// Answers a request, whatever it is.
    pub async fn answer<B>(&self, request: Request<B>) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        // Boxed: most connections only ever ask the gate, and would carry the room of a door's answer.
        Box::pin(self.0.serve(request.map(Body::new))).await
    }
}

impl Front {
    async fn serve(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        let arrival = Arrival::of(&parts, &self.settings.trusted_proxies, self.ids.next());
        let line = Line::start(&parts, &arrival);
        let target = self.target(arrival.host.as_deref());
        let span = span::of_request(&parts, &arrival, target.dialect(), target.door_name());
        let dispatch = self.dispatch(&target, &arrival, Request::from_parts(parts, body));
        let dispatched = contain(dispatch.instrument(span.clone()));
        let mut response = dispatched.await.unwrap_or_else(|_| {
            tracing::error!(request_id = arrival.caller.request_id, "an answer panicked");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
        });
        finish(&mut response, line.method(), &arrival);
        let (method, status) = (line.method().clone(), response.status());
        span::answered(&span, status);
        let took = line.answered(target.door_name(), status);
        self.settings.metrics.request(target.dialect(), &method, status, took);
        response
    }

    fn target(&self, host: Option<&str>) -> Target {
        let Some(host) = host else { return Target::Nobody };
        if self.settings.house_hosts.iter().any(|own| own == host) {
            return Target::House;
        }
        let resolved = (self.doors)().resolve(host);
        let found = resolved.and_then(|door| {
            let router = self.dialects.get(door.door.dialect.as_str())?.clone();
            Some(Target::Door(door, router))
        });
        found.unwrap_or(Target::Nobody)
    }

    async fn dispatch(&self, target: &Target, arrival: &Arrival, request: Request<Body>) -> Response {
        match target {
            Target::Door(door, router) => {
                let knock = Knock {
                    door: door.clone(),
                    arrival: arrival.clone(),
                    metrics: Arc::clone(&self.settings.metrics),
                    allow_plain_http: self.settings.allow_plain_http,
                    body_bytes: self.settings.body_bytes,
                    request,
                };
                router.answer(knock).await
            }
            Target::House => self.at_home(arrival.clone(), request).await,
            Target::Nobody if arrival.host.is_none() => {
                plain(StatusCode::BAD_REQUEST, "the request names no single host")
            }
            Target::Nobody => plain(StatusCode::NOT_FOUND, "no door at this host"),
        }
    }

    async fn at_home(&self, arrival: Arrival, request: Request<Body>) -> Response {
        let mut request = request.map(|body| Body::new(Limited::new(body, limits::BODY_BYTES_HARD)));
        request.extensions_mut().insert(arrival);
        match tokio::time::timeout(limits::HANDLER_TIME, self.house.clone().oneshot(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => {
                let busy = plain(StatusCode::SERVICE_UNAVAILABLE, "busy, try again");
                reply::Reply::with_retry_after(busy, Duration::from_secs(1))
            }
        }
    }
}

impl fmt::Debug for HostRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostRouter").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

fn finish(response: &mut Response, method: &Method, arrival: &Arrival) {
    headers::harden(response.headers_mut(), arrival.secure);
    if let Ok(id) = HeaderValue::from_str(&arrival.caller.request_id) {
        response.headers_mut().insert(request_id::HEADER, id);
    }
    if method == Method::HEAD {
        if let Some(length) = response.body().size_hint().exact() {
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        *response.body_mut() = Body::empty();
    }
}

fn plain(status: StatusCode, error: &str) -> Response {
    reply::json(status, &json!({ "error": error }))
}
