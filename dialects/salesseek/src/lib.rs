//! SalesSeek: a cookie session per tenant sub-domain (`seeds/salesseek.md`, `README.md` beside this crate).
//!
//! `routes()` is the map of the folder. A request's host names the tenant, `auth.rs` finds it and, where the route
//! asks for it, who is signed in; each file below answers one family of endpoints; `error.rs` holds every refusal's words.

mod auth;
mod error;
mod login;
mod logout;
mod users;
mod wire;

pub use auth::{Access, Guest};

use doorward_web::{Call, CallContext, CorsPolicy, Dialect, Refusal, Response, Route};
use std::borrow::Cow;

/// The SalesSeek dialect.
#[derive(Debug)]
pub struct Salesseek;

impl Dialect for Salesseek {
    const NAME: &'static str = doorward_model::Dialect::Salesseek.as_str();
    type Access = Access;
    type Guest = Guest;

    fn routes() -> Vec<Route<Self>> {
        vec![
            Route::post("/api/login", Access::Anyone, login::login, "Sign in with e-mail and password"),
            Route::delete(
                "/api/logout",
                Access::Anyone,
                logout::logout,
                "Sign out; with `email_address`, ask for a reset",
            ),
            Route::get("/api/users/{id}", Access::SignedIn, users::show, "One user"),
        ]
    }

    async fn admit(access: Access, call: &mut Call) -> Result<Guest, Refusal> {
        auth::admit(access, call).await
    }

    fn refuse(refusal: &Refusal, _: &CallContext) -> Response {
        error::render(refusal)
    }

    async fn cors(call: &CallContext) -> CorsPolicy {
        auth::cors(call).await
    }

    /// Clients write `/api/users/` as well as `/api/users`.
    fn normalise_path(path: &str) -> Cow<'_, str> {
        match path.strip_suffix('/') {
            Some(rest) if !rest.is_empty() => rest.into(),
            Some(_) | None => path.into(),
        }
    }
}
