//! BookingBug (JRNI): `App-Id`, `App-Key` and `Auth-Token` headers, HAL bodies (`seeds/bookingbug.txt`, `README.md`
//! beside this crate).
//!
//! `routes()` is the map of the folder. `auth.rs` admits the application and finds who holds the token, `reach.rs`
//! which company a call is about and what may be done there; each file below answers one family of endpoints; `links.rs`
//! knows every address we print, `error.rs` the words of every refusal.

mod administrators;
mod auth;
mod companies;
mod error;
mod forms;
mod hal;
mod links;
mod login;
mod members;
mod passwords;
mod reach;
mod wire;

pub use auth::{Access, Guest};

use doorward_web::{Call, CallContext, CorsPolicy, Dialect, Refusal, Response, Route};
use std::borrow::Cow;

/// The BookingBug dialect.
#[derive(Debug)]
pub struct Bookingbug;

impl Dialect for Bookingbug {
    const NAME: &'static str = doorward_model::Dialect::Bookingbug.as_str();
    type Access = Access;
    type Guest = Guest;

    fn routes() -> Vec<Route<Self>> {
        [login(), passwords(), companies(), people()].into_iter().flatten().collect()
    }

    async fn admit(access: Access, call: &mut Call) -> Result<Guest, Refusal> {
        auth::admit(access, call).await
    }

    fn refuse(refusal: &Refusal, call: &CallContext) -> Response {
        hal::label(call, error::render(refusal))
    }

    async fn cors(call: &CallContext) -> CorsPolicy {
        auth::cors(call).await
    }

    fn normalise_path(path: &str) -> Cow<'_, str> {
        links::normalise(path)
    }
}

type Routes = Vec<Route<Bookingbug>>;

#[rustfmt::skip]
fn login() -> Routes {
    use Access::{Application, SignedInAnyway};
    vec![
        Route::post("/api/v1/login", Application, login::any, "Sign in as administrator, else as member"),
        Route::post("/api/v1/login/{company_id}", Application, login::any, "The same, at one company"),
        Route::post("/api/v1/login/admin", Application, login::administrator, "Sign in as administrator"),
        Route::post("/api/v1/login/admin/{company_id}", Application, login::administrator, "The same, at one company"),
        Route::post("/api/v1/login/member", Application, login::member, "Sign in as member"),
        Route::post("/api/v1/login/member/{company_id}", Application, login::member, "The same, at one company"),
        Route::get("/api/v1/login", SignedInAnyway, login::current::any, "The current login"),
        Route::get("/api/v1/login/{company_id}", SignedInAnyway, login::current::any, "The current login, seen from one company"),
        Route::get("/api/v1/login/admin", SignedInAnyway, login::current::administrator, "The current login as administrator"),
        Route::get("/api/v1/login/admin/{company_id}", SignedInAnyway, login::current::administrator, "The same, seen from one company"),
        Route::get("/api/v1/login/member", SignedInAnyway, login::current::member, "The current login as member"),
        Route::get("/api/v1/login/member/{company_id}", SignedInAnyway, login::current::member, "The same, seen from one company"),
        Route::put("/api/v1/login/admin", SignedInAnyway, login::current::switch, "Take the token to another company of its tree"),
        Route::delete("/api/v1/login", SignedInAnyway, login::current::end, "Sign out"),
        Route::delete("/api/v1/logout", SignedInAnyway, login::current::end, "Sign out (the member SDK's spelling)"),
    ]
}

#[rustfmt::skip]
fn passwords() -> Routes {
    use Access::{Application, SignedInAnyway};
    vec![
        Route::post("/api/v1/login/{company_id}/email_password_reset", Application, passwords::request, "Ask for a reset by mail"),
        Route::put("/api/v1/login/{company_id}/reset_password", Application, passwords::reset, "Set a new password with the mailed code"),
        Route::post("/api/v1/login/{company_id}/update_password/{member_id}", SignedInAnyway, passwords::update, "Change one's own password"),
        Route::post("/api/v1/login/admin/reset_password_email", Application, passwords::request, "Ask for a reset by mail"),
        Route::put("/api/v1/login/admin/reset_password", Application, passwords::reset_or_change, "Set a new password with the mailed code, or signed in with the current one"),
        Route::get("/api/v1/login/admin/reset_password_schema", Application, passwords::schema, "What a new password must look like"),
    ]
}

#[rustfmt::skip]
fn companies() -> Routes {
    use Access::{Application, SignedIn};
    vec![
        Route::get("/api/v1/company/{id}", Application, companies::show, "A company"),
        Route::get("/api/v1/company/{id}/children", Application, companies::children, "The companies directly below it"),
        Route::get("/api/v1/admin/{company_id}/company", SignedIn, companies::administer, "A company, for its administrators"),
        Route::put("/api/v1/admin/{company_id}/company", SignedIn, companies::update, "Change it"),
    ]
}

#[rustfmt::skip]
fn people() -> Routes {
    use Access::SignedIn;
    vec![
        Route::get("/api/v1/admin/{company_id}/administrators", SignedIn, administrators::list, "The administrators of a company, a page at a time"),
        Route::post("/api/v1/admin/{company_id}/administrators", SignedIn, administrators::create, "Make one, or give somebody known a place"),
        Route::get("/api/v1/admin/{company_id}/administrators/new", SignedIn, administrators::new, "The form for making one"),
        Route::get("/api/v1/admin/{company_id}/administrators/{id}", SignedIn, administrators::show, "One administrator"),
        Route::put("/api/v1/admin/{company_id}/administrators/{id}", SignedIn, administrators::update, "Change one"),
        Route::delete("/api/v1/admin/{company_id}/administrators/{id}", SignedIn, administrators::remove, "Take their place away"),
        Route::get("/api/v1/admin/{company_id}/administrators/{id}/edit", SignedIn, administrators::edit, "The form for changing one"),
        Route::get("/api/v1/{company_id}/members/{id}", SignedIn, members::show, "One member"),
        Route::put("/api/v1/{company_id}/members/{id}", SignedIn, members::update, "Change one"),
        Route::get("/api/v1/{company_id}/members/{id}/edit", SignedIn, members::edit, "The form for changing one"),
    ]
}
