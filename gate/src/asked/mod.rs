//! The shapes in which proxies ask. Each file reads the original request from where its proxies put it.

mod auth_request;
mod ext_authz;
mod forward_auth;

use crate::answer::{self, Shape};
use crate::carried::Carried;
use crate::decide::{Refused, decide};
use crate::question::Question;
use crate::refusal::Refusal;
use crate::{Gate, service};
use axum::BoxError;
use axum::body::{Body, HttpBody};
use bytes::Bytes;
use doorward_core::verify::Reason;
use doorward_web::{Connection, Response, StatusCode, harden, host_name, reply};
use http::{Method, Request, request};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

pub(crate) async fn answer<B>(gate: &Gate, request: Request<B>, from: Connection) -> Response
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let path = request.uri().path();
    let shape = match path {
        "/verify" | "/verify/" => return service::answer(gate, request.map(Body::new), from).await,
        "/verify/forward-auth" => Shape::ForwardAuth,
        "/verify/auth-request" => Shape::AuthRequest,
        _ if path == ext_authz::PREFIX || path.starts_with("/verify/ext-authz/") => Shape::ExtAuthz,
        _ => {
            let mut response = reply::json(StatusCode::NOT_FOUND, &serde_json::json!({ "error": UNKNOWN }));
            harden(response.headers_mut(), from.tls);
            return response;
        }
    };
    let (parts, _) = request.into_parts();
    let asked = Asked { gate, parts: &parts, from };
    let question = match shape {
        Shape::ForwardAuth => forward_auth::question(asked),
        Shape::AuthRequest => auth_request::question(asked),
        Shape::ExtAuthz => ext_authz::question(asked),
    };
    match question {
        Ok(question) => {
            let decision = in_time(pin!(decide(gate, &question))).await;
            let late = || {
                let refusal = Refusal::Credential(Reason::Unavailable { retry_after: RETRY });
                Err(Refused { refusal, route: None })
            };
            answer::render(gate, shape, &question, decision.unwrap_or_else(late))
        }
        Err(refusal) => answer::misasked(gate, shape, &refusal),
    }
}

/// How long a proxy's question may take. nginx, Envoy and HAProxy, set up as docs/operators/proxies has them, have given up
/// by then, and Traefik is told before it does.
const QUESTION_TIME: Duration = Duration::from_secs(5);
/// When to ask again after that.
const RETRY: Duration = Duration::from_secs(1);

/// What some work comes to within [`QUESTION_TIME`]. Nearly every question is answered at once, from memory, and needs no timer.
async fn in_time<T>(mut work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx))).await {
        Poll::Ready(done) => Some(done),
        Poll::Pending => tokio::time::timeout(QUESTION_TIME, work).await.ok(),
    }
}

const UNKNOWN: &str =
    "ask at /verify/forward-auth, /verify/auth-request, /verify/ext-authz/… or POST /verify";

/// Who asks whom, and how.
#[derive(Clone, Copy)]
struct Asked<'a> {
    gate: &'a Gate,
    parts: &'a request::Parts,
    from: Connection,
}

fn method(text: Option<&str>) -> Result<Method, Refusal> {
    text.and_then(|text| Method::from_bytes(text.as_bytes()).ok()).ok_or(Refusal::Metadata)
}

impl<'a> Asked<'a> {
    /// A question about a path and query at a host.
    fn about(
        self,
        carried: Carried<'a>,
        method: Method,
        host: &'a str,
        target: &'a str,
    ) -> Result<Question<'a>, Refusal> {
        let host = host_name(host).map_err(|_| Refusal::Metadata)?;
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let door = self.gate.core().doors().resolve(&host);
        let headers = &self.parts.headers;
        let asker = self.from.peer.ip().to_canonical();
        // As the asker says it: the rightmost hop that is no proxy of ours. What cannot be read is refused, or a client whose
        // proxy appends to what it sent could make itself one that nobody knows, and be counted by nobody.
        let client = self.gate.proxies().evident_address(self.from, headers).ok_or(Refusal::Metadata)?;
        let client = Some(client).filter(|client| *client != asker);
        Ok(Question { method, host, path, query, headers, carried, client, asker, door })
    }
}
