//! Routes as data: the router, the isolation sweep and the endpoint table are all made from one list.

use crate::{Call, Dialect, Refusal, Response, limits};
use doorward_core::Core;
use http::Method;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// A handler's answer in the making.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response, Refusal>> + Send>>;

/// A handler, boxed once when the route is made.
pub(crate) type Handler<C, G> = Arc<dyn Fn(Call<C>, G) -> Answer + Send + Sync>;

/// One route: method, path, who may call, what answers, and a line of documentation.
pub struct Route<D: Dialect<C>, C: Send + Sync + 'static = Core> {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: D::Access,
    pub(crate) handler: Handler<C, D::Guest>,
    pub(crate) doc: &'static str,
    /// `None`: the operator's, of [`crate::WebSettings`].
    pub(crate) body_limit: Option<usize>,
    /// Whether it only says what a missing service cannot; see [`Route::standing_in`].
    pub(crate) stands_in: bool,
}

/// A route without its handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method; `HEAD` and `OPTIONS` come by themselves.
    pub method: Method,
    /// The path, parameters in braces: `/api/users/{id}`.
    pub path: &'static str,
    /// Who may call: the dialect's `Access`, as `Debug` prints it.
    pub access: String,
    /// What it does, in one line.
    pub doc: &'static str,
    /// Whether it only stands in for a service behind Doorward.
    pub stands_in: bool,
}

/// Every route of a dialect, in the order it lists them.
pub fn route_list<D: Dialect>() -> Vec<RouteInfo> {
    D::routes().iter().map(Route::info).collect()
}

impl<D: Dialect<C>, C: Send + Sync + 'static> Route<D, C> {
    /// Any method; the short forms below read better.
    pub fn new<H, F>(
        method: Method,
        path: &'static str,
        access: D::Access,
        handler: H,
        doc: &'static str,
    ) -> Self
    where
        H: Fn(Call<C>, D::Guest) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Response, Refusal>> + Send + 'static,
    {
        let handler: Handler<C, D::Guest> = Arc::new(move |call, guest| Box::pin(handler(call, guest)));
        Self { method, path, access, handler, doc, body_limit: None, stands_in: false }
    }

    /// The same route with a body of up to `bytes` whatever the operator says, at most [`limits::BODY_BYTES_HARD`].
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes.min(limits::BODY_BYTES_HARD));
        self
    }

    /// The same route as a stand-in for services behind Doorward: it answers where no proxy stands in front, and a path
    /// that only stand-ins answer is not the door's own (`DoorRouter::owns`), so a gate checks it.
    #[must_use]
    pub fn standing_in(mut self) -> Self {
        self.stands_in = true;
        self
    }

    pub(crate) fn info(&self) -> RouteInfo {
        RouteInfo {
            method: self.method.clone(),
            path: self.path,
            access: format!("{:?}", self.access),
            doc: self.doc,
            stands_in: self.stands_in,
        }
    }
}

macro_rules! short_forms {
    ($($name:ident = $method:ident),+) => {
        impl<D: Dialect<C>, C: Send + Sync + 'static> Route<D, C> {
            $(
                #[doc = concat!("A `", stringify!($method), "` route.")]
                pub fn $name<H, F>(path: &'static str, access: D::Access, handler: H, doc: &'static str) -> Self
                where
                    H: Fn(Call<C>, D::Guest) -> F + Send + Sync + 'static,
                    F: Future<Output = Result<Response, Refusal>> + Send + 'static,
                {
                    Self::new(Method::$method, path, access, handler, doc)
                }
            )+
        }
    };
}

short_forms!(get = GET, post = POST, put = PUT, patch = PATCH, delete = DELETE);

impl<D: Dialect<C>, C: Send + Sync + 'static> fmt::Debug for Route<D, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.info().fmt(f)
    }
}
