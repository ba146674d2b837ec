//! LeadSquared: an access key and a secret key, region discovery, a rate limit (`seeds/leadsquared.txt`, `README.md`
//! beside this crate).
//!
//! `routes()` is the map of the folder. `credentials.rs` finds the key pair in a request and `auth.rs` whom it stands
//! for; `user.rs` answers the one call there is, with `wire.rs` and `directory.rs`; `elsewhere.rs` sends callers home;
//! `error.rs` holds every refusal's words.

mod auth;
mod credentials;
mod directory;
mod elsewhere;
mod error;
mod user;
mod wire;

pub use auth::{Access, Guest};

use doorward_web::{Call, CallContext, CorsPolicy, Dialect, Refusal, Response, Route};
use elsewhere::elsewhere;
use std::borrow::Cow;

/// The seed's call.
const USER: &str = "/v2/Authentication.svc/UserByAccessKey.Get";
/// Every other service call; see [`Leadsquared::normalise_path`].
const OTHER: &str = "/v2/{service}.svc/{operation}";
const OTHER_DOC: &str =
    "A call of another service: 401 with the right host on another region's host, else 404";

/// The LeadSquared dialect.
#[derive(Debug)]
pub struct Leadsquared;

impl Dialect for Leadsquared {
    const NAME: &'static str = doorward_model::Dialect::Leadsquared.as_str();
    type Access = Access;
    type Guest = Guest;

    fn routes() -> Vec<Route<Self>> {
        vec![
            Route::get(
                USER,
                Access::KeyPair,
                user::by_access_key,
                "Who a key pair stands for, and their hosts",
            ),
            Route::get(OTHER, Access::Anyone, elsewhere, OTHER_DOC).standing_in(),
            Route::post(OTHER, Access::Anyone, elsewhere, OTHER_DOC).standing_in(),
            Route::put(OTHER, Access::Anyone, elsewhere, OTHER_DOC).standing_in(),
            Route::patch(OTHER, Access::Anyone, elsewhere, OTHER_DOC).standing_in(),
            Route::delete(OTHER, Access::Anyone, elsewhere, OTHER_DOC).standing_in(),
        ]
    }

    async fn admit(access: Access, call: &mut Call) -> Result<Guest, Refusal> {
        auth::admit(access, call).await
    }

    fn refuse(refusal: &Refusal, _: &CallContext) -> Response {
        error::render(refusal)
    }

    async fn cors(call: &CallContext) -> CorsPolicy {
        CorsPolicy {
            origins: call.door.door.settings.origins.clone(),
            credentials: false,
            allow_headers: &["Content-Type", credentials::ACCESS_KEY.header, credentials::SECRET_KEY.header],
            expose_headers: &["Retry-After"],
        }
    }

    /// All service calls but the seed's are one route, however deep their paths are.
    fn normalise_path(path: &str) -> Cow<'_, str> {
        let service =
            path.strip_prefix("/v2/").and_then(|rest| rest.split_once('/')).map(|(service, _)| service);
        let is_other = path != USER && service.is_some_and(|service| service.ends_with(".svc"));
        if is_other { "/v2/.svc".into() } else { path.into() }
    }
}
