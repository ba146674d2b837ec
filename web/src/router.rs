//! From a door to a handler: path, method, transport, admission, handler; then the dialect's words and CORS.
//!
//! The order is the contract's (dialects: order of checks). Start with [`answer`].

use crate::arrival::Arrival;
use crate::body::LazyBody;
use crate::contain::contain;
use crate::path::{PathPattern, segments};
use crate::reply::Reply;
use crate::{Call, CallContext, Dialect, Metrics, Refusal, Response, Route, cors, limits};
use axum::body::Body;
use doorward_core::{Core, Error, ResolvedDoor};
use http::{Method, Request, header};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// All doors of one dialect, ready to answer. Cheap to clone.
#[derive(Clone)]
pub struct DoorRouter {
    pub(crate) name: &'static str,
    answer: Arc<dyn Fn(Knock) -> Answering + Send + Sync>,
    owns: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A request that has found its door.
pub(crate) struct Knock {
    pub(crate) door: ResolvedDoor,
    pub(crate) arrival: Arrival,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) allow_plain_http: bool,
    pub(crate) body_bytes: usize,
    pub(crate) request: Request<Body>,
}

/// Mounts a dialect.
pub fn router<D: Dialect>(core: Arc<Core>) -> DoorRouter {
    DoorRouter::new::<D, Core>(core)
}

impl DoorRouter {
    /// As [`router`], for handlers that work on something else than the [`Core`].
    pub fn new<D: Dialect<C>, C: Send + Sync + 'static>(core: Arc<C>) -> Self {
        let table = Arc::new(RouteTable::<D, C>::new());
        let owned = Arc::clone(&table);
        let answer =
            move |knock| -> Answering { Box::pin(answer(Arc::clone(&table), Arc::clone(&core), knock)) };
        Self { name: D::NAME, answer: Arc::new(answer), owns: Arc::new(move |path| owned.owns(path)) }
    }

    /// The dialect's word.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the dialect answers a path itself, by any method; not where it only stands in for a service.
    pub fn owns(&self, path: &str) -> bool {
        (self.owns)(path)
    }

    pub(crate) async fn answer(&self, knock: Knock) -> Response {
        (self.answer)(knock).await
    }
}

impl fmt::Debug for DoorRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DoorRouter").field(&self.name).finish()
    }
}

struct RouteTable<D: Dialect<C>, C: Send + Sync + 'static> {
    /// Most specific first.
    routes: Vec<(PathPattern, Route<D, C>)>,
}

/// What a path and a method lead to.
enum Found<'a, D: Dialect<C>, C: Send + Sync + 'static> {
    Route { route: &'a Route<D, C>, parameters: Vec<(String, String)> },
    Options { allow: Vec<Method> },
}

impl<D: Dialect<C>, C: Send + Sync + 'static> RouteTable<D, C> {
    fn new() -> Self {
        let pattern = |route: &Route<D, C>| PathPattern::parse(&D::normalise_path(route.path));
        let mut routes: Vec<_> = D::routes().into_iter().map(|route| (pattern(&route), route)).collect();
        routes.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self { routes }
    }

    fn owns(&self, path: &str) -> bool {
        let path = D::normalise_path(path);
        self.as_long_as(&path).any(|(pattern, route)| !route.stands_in && pattern.fits(&path))
    }

    /// The routes that have as many segments as a path.
    fn as_long_as(&self, path: &str) -> impl Iterator<Item = &(PathPattern, Route<D, C>)> {
        let segments = segments(path);
        self.routes.iter().filter(move |(pattern, _)| pattern.segments() == segments)
    }

    fn find(&self, context: &CallContext<C>) -> Result<Found<'_, D, C>, Refusal> {
        let length = context.uri.path_and_query().map_or(0, |text| text.as_str().len());
        if length > limits::URI_BYTES {
            return Err(Refusal::UriTooLong { limit: limits::URI_BYTES });
        }
        let path = D::normalise_path(context.uri.path());
        let method = if context.method == Method::HEAD { &Method::GET } else { &context.method };
        let mut allow = Vec::new();
        for (pattern, route) in self.as_long_as(&path) {
            let Some(parameters) = pattern.matches(&path) else { continue };
            if route.method == *method {
                return Ok(Found::Route { route, parameters });
            }
            allow.push(route.method.clone());
        }
        refuse_method(method, allow).map(|allow| Found::Options { allow })
    }
}

/// Methods that a path knows, for `OPTIONS`; any other method is refused.
fn refuse_method(method: &Method, mut allow: Vec<Method>) -> Result<Vec<Method>, Refusal> {
    if allow.is_empty() {
        return Err(Refusal::UnknownPath);
    }
    if allow.contains(&Method::GET) {
        allow.push(Method::HEAD);
    }
    allow.push(Method::OPTIONS);
    if *method == Method::OPTIONS { Ok(allow) } else { Err(Refusal::MethodNotAllowed { allow }) }
}

/// A body that nobody has read yet.
struct Sent {
    body: Body,
    /// The most bytes of it, unless the route says otherwise.
    limit: usize,
}

async fn answer<D: Dialect<C>, C: Send + Sync + 'static>(
    table: Arc<RouteTable<D, C>>,
    core: Arc<C>,
    knock: Knock,
) -> Response {
    let (allow_plain_http, body_bytes) = (knock.allow_plain_http, knock.body_bytes);
    let (context, body) = context(core, knock);
    let handling =
        contain(handle(&table, Arc::clone(&context), Sent { body, limit: body_bytes }, allow_plain_http));
    let outcome = handling.await.unwrap_or_else(|_| {
        tracing::error!(request_id = context.caller.request_id, "a handler panicked");
        Err(Refusal::Core(Error::Internal))
    });
    let mut response = outcome.unwrap_or_else(|refusal| refuse::<D, C>(&refusal, &context));
    let is_preflight = context.method == Method::OPTIONS;
    if let Some(origin) = context.origin().filter(|_| !is_preflight) {
        D::cors(&context).await.apply(origin, response.headers_mut());
    }
    response
}

fn context<C>(core: Arc<C>, knock: Knock) -> (Arc<CallContext<C>>, Body) {
    let (parts, body) = knock.request.into_parts();
    let mut caller = knock.arrival.caller;
    caller.door = Some(knock.door.door.id);
    let context = CallContext {
        core,
        door: knock.door,
        caller,
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        secure: knock.arrival.secure,
        peer_is_loopback: knock.arrival.peer.is_loopback(),
        metrics: knock.metrics,
    };
    (Arc::new(context), body)
}

async fn handle<D: Dialect<C>, C: Send + Sync + 'static>(
    table: &RouteTable<D, C>,
    context: Arc<CallContext<C>>,
    sent: Sent,
    allow_plain_http: bool,
) -> Result<Response, Refusal> {
    let (route, parameters) = match table.find(&context)? {
        Found::Route { route, parameters } => (route, parameters),
        Found::Options { allow } => return Ok(options::<D, C>(&context, &allow).await),
    };
    // A client on this machine needs no TLS; one that a proxy on this machine speaks for does.
    if !(context.secure || allow_plain_http || context.caller.address.is_loopback()) {
        return Err(Refusal::InsecureTransport);
    }
    let body = LazyBody::new(sent.body, route.body_limit.unwrap_or(sent.limit));
    let mut call = Call::new(context, parameters, body);
    let work = async {
        let guest = D::admit(route.access, &mut call).await?;
        (route.handler)(call, guest).await
    };
    // Boxed: admission and handler are large, and most requests are refused before.
    match tokio::time::timeout(limits::HANDLER_TIME, Box::pin(work)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Refusal::Core(Error::Unavailable { retry_after: Duration::from_secs(1) })),
    }
}

async fn options<D: Dialect<C>, C: Send + Sync + 'static>(
    context: &CallContext<C>,
    allow: &[Method],
) -> Response {
    match context.origin() {
        Some(origin) if context.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) => {
            D::cors(context).await.preflight(origin, allow)
        }
        Some(_) | None => cors::options(allow),
    }
}

fn refuse<D: Dialect<C>, C: Send + Sync + 'static>(refusal: &Refusal, context: &CallContext<C>) -> Response {
    let response = D::refuse(refusal, context);
    match refusal {
        Refusal::MethodNotAllowed { allow } => response.with_header(header::ALLOW, &cors::names(allow)),
        Refusal::Core(_)
        | Refusal::UnknownPath
        | Refusal::BodyTooLarge { .. }
        | Refusal::UriTooLong { .. }
        | Refusal::UnsupportedMediaType
        | Refusal::Malformed { .. }
        | Refusal::Invalid { .. }
        | Refusal::TooSlow
        | Refusal::CrossSite
        | Refusal::InsecureTransport => response,
    }
}
