//! SalesSeek: a cookie session per tenant sub-domain (`seeds/salesseek.md`, `README.md` beside this crate).
//!
//! `routes()` is the map of the folder. A request's host names the tenant, `auth.rs` finds it and, where the route
//! asks for it, who is signed in; each file below answers one family of endpoints; `error.rs` holds every refusal's words.

mod auth;
mod calendar;
mod error;
mod login;
mod logout;
mod reset;
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
        use Access::{Administrator, Anyone, SignedIn, SignedInAnyway};
        vec![
            Route::post("/api/login", Anyone, login::login, "Sign in with e-mail and password"),
            Route::delete("/api/logout", Anyone, logout::logout, "Sign out; with an e-mail, ask for a reset"),
            Route::post("/api/forgotten", Anyone, reset::request, "Ask for a reset by mail"),
            Route::post("/api/reset", Anyone, reset::finish, "Set a new password with a mailed code"),
            Route::delete("/api/reset", Anyone, reset::finish, "The same, as the vendor's page says it"),
            Route::get("/api/users", SignedIn, users::list, "The tenant's users, a page at a time"),
            Route::post("/api/users", Administrator, users::create, "Invite a user by mail"),
            Route::get("/api/users/{id}", SignedIn, users::show, "One user"),
            Route::patch("/api/users/{id}", SignedInAnyway, users::patch, "Change a user, or one's password"),
            Route::delete("/api/users/{id}", Administrator, users::remove, "Delete a user"),
            Route::get(
                "/users/{id}/icalendar_feed",
                Anyone,
                calendar::feed,
                "A user's dates, by the feed's token",
            ),
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
