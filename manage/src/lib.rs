//! The management API: what the console will do, as JSON under `/manage/v1` on Doorward's own hosts.
//!
//! `routes.rs` is the map of the folder: the router, the OpenAPI document, the reference page and the sweep of refusals are
//! made from its one list. `serve.rs` is the path of a request: transport, token, scope, handler. `problem.rs` has every
//! refusal's words. A file per noun parses and renders; `core` decides. Cookies are nothing here, so no page of another
//! site can ask with somebody else's.

mod answer;
mod applications;
mod ask;
mod doors;
mod endpoint;
mod events;
mod export;
mod exports;
mod imports;
mod keys;
mod mails;
mod memberships;
mod openapi;
mod people;
mod policy;
mod problem;
mod reference;
mod regions;
mod routes;
mod schema;
mod serve;
mod sessions;
mod tenants;
mod terms;
mod token;
mod usage;

pub use endpoint::EndpointInfo;
pub use openapi::document;
pub use reference::page;
pub use routes::endpoints;
pub use serve::router;

/// Where it is mounted.
pub const BASE: &str = "/manage/v1";
