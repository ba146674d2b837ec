//! HTTP plumbing shared by every door; it knows no dialect.
//!
//! A request enters at [`HostRouter`]: it gets an id, an address and a log line, its host is resolved to a door, and
//! the door's [`DoorRouter`] finds the route. A dialect implements [`Dialect`], lists its [`Route`]s and writes
//! handlers that take a [`Call`] and return a [`Response`] or a [`Refusal`]. Every limit is in [`limits`].

mod access_log;
mod arrival;
mod body;
mod call;
mod client_address;
mod connection;
mod contain;
mod cookie;
mod cors;
mod csrf;
mod dialect;
mod encoding;
pub mod export;
mod fields;
mod headers;
mod host;
mod house;
mod language;
pub mod limits;
mod metrics;
mod path;
mod refusal;
pub mod reply;
mod request_id;
mod route;
mod router;
mod span;
pub mod table;
mod upload;

pub use access_log::without_secrets;
pub use arrival::{Arrival, user_agent};
pub use body::{Unread, read_bytes, read_fields};
pub use call::{Call, CallContext};
pub use client_address::TrustedProxies;
pub use connection::Connection;
pub use contain::{Panicked, contain};
pub use cookie::{Cookie, SameSite};
pub use cors::CorsPolicy;
pub use csrf::{is_cross_site, is_known_at, refuse_cross_site};
pub use dialect::Dialect;
pub use fields::Fields;
pub use headers::{harden, page_headers};
pub use host::{BadHost, host_name, request_host};
pub use house::{DoorSource, HostRouter, WebSettings, service};
pub use language::asked_language;
pub use metrics::{Metrics, SignInOutcome};
pub use refusal::Refusal;
pub use reply::retry_seconds;
pub use route::{Route, RouteInfo, route_list};
pub use router::{DoorRouter, router};
pub use upload::{Upload, read_upload};

pub use axum::response::Response;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
