//! "Who is calling?", as proxies and services ask it (contract: `docs/operators/verify.md`).
//!
//! A question arrives in one of the shapes proxies speak (`asked/`), becomes one [`Question`] about the original
//! request, is held against the routes (`route.rs`), resolved to one identity (`credentials/`, `decide.rs`) and answered
//! in the asker's shape (`answer.rs`). It fails closed: what cannot be understood, matched or checked is refused, and every
//! identity header is always set by us. Not here: what a session or key is worth, which is the core's to say.

mod answer;
mod asked;
mod assertion;
mod carried;
mod credentials;
mod decide;
mod headers;
mod jwks;
mod names;
mod not_asked;
mod path;
mod question;
mod refusal;
mod route;
mod service;

pub use headers::{IdentityHeaders, Preset};
pub use jwks::router as jwks;
pub use names::{InvalidName, nameable};
pub use not_asked::router as not_asked;
pub use route::{InvalidRoute, Route};

use assertion::Assertions;
use axum::BoxError;
use axum::body::HttpBody;
use bytes::Bytes;
use credentials::Found;
use doorward_core::{Core, ResolvedDoor};
use doorward_web::{Connection, Response, TrustedProxies};
use http::{HeaderValue, Request};
use ipnet::IpNet;
use std::fmt;
use std::sync::Arc;

/// Whether a door answers a path itself, so that it is no protected route.
pub type Owns = Arc<dyn Fn(&ResolvedDoor, &str) -> bool + Send + Sync>;

/// What an operator decides about the gate.
pub struct GateSettings {
    /// Peers that may ask: proxies and services. Nobody by default.
    pub askers: Vec<IpNet>,
    /// What is protected, in order; the first match decides, and no match is refused.
    pub routes: Vec<Route>,
    /// Which headers tell the upstream who is calling.
    pub headers: IdentityHeaders,
    /// Whether name and password may come with the request itself. Off by default: each costs a hash.
    pub basic: bool,
    /// Whether the upstream also gets a signed assertion, which it can check by itself.
    pub assertions: bool,
    /// Which paths of its host a door answers itself.
    pub owns: Owns,
}

/// Answers whoever asks who is calling. Cheap to clone.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    core: Core,
    settings: GateSettings,
    /// Hops in `X-Forwarded-For` that are proxies of ours, not clients.
    proxies: TrustedProxies,
    assertions: Option<Assertions>,
}

impl Gate {
    /// A gate in front of what the core knows.
    pub fn new(core: Core, settings: GateSettings) -> Self {
        let proxies = TrustedProxies { networks: settings.askers.clone() };
        let assertions = settings.assertions.then(|| Assertions::new(&core));
        Self(Arc::new(Inner { core, settings, proxies, assertions }))
    }

    /// Whether a request is a question for the gate: it asks at `/verify`, and its peer may ask, or it is a service that
    /// shows a token of ours (`service/asker.rs`). Anybody else's request for such a path is an ordinary one for its host,
    /// and finds nothing there.
    pub fn is_asked<B>(&self, request: &Request<B>, from: Connection) -> bool {
        let path = request.uri().path();
        let is_question =
            path.strip_prefix("/verify").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_question && (self.may_ask(from) || service::brings_a_token(request, from))
    }

    /// Answers a question. Never fails: what goes wrong is a refusal.
    pub async fn answer<B>(&self, request: Request<B>, from: Connection) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        asked::answer(self, request, from).await
    }

    /// How many assertions are kept, and the bytes they take, for figures.
    pub fn assertions_kept(&self) -> (u64, u64) {
        self.0.assertions.as_ref().map_or((0, 0), Assertions::size)
    }

    /// The signed assertion of a caller who was let in; `None` where none are made.
    fn assertion(&self, found: &Found, audience: &str) -> Option<HeaderValue> {
        self.0.assertions.as_ref()?.of(self.core(), found, audience)
    }

    fn may_ask(&self, from: Connection) -> bool {
        self.0.proxies.trusts(from.peer.ip())
    }

    fn core(&self) -> &Core {
        &self.0.core
    }

    fn settings(&self) -> &GateSettings {
        &self.0.settings
    }

    fn proxies(&self) -> &TrustedProxies {
        &self.0.proxies
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("routes", &self.0.settings.routes).finish_non_exhaustive()
    }
}
