//! A service behind Doorward, as `client/README.md` shows it.

use axum::routing::get;
use axum::{Extension, Router};
use doorward_client::{Client, Identity, NotBuilt, Role, VerifyLayer};

/// The way to Doorward. Make it once, when the service starts.
pub(crate) fn doorward(base: &str, token: &str) -> Result<Client, NotBuilt> {
    Client::builder(base).token(token).audience("billing").build()
}

/// A service where every path needs somebody.
pub(crate) fn service(doorward: Client) -> Router {
    Router::new().route("/me", get(me)).layer(VerifyLayer::asking(doorward))
}

/// What only somebody who got through the layer sees.
async fn me(Extension(caller): Extension<Identity>) -> String {
    let rights = if caller.has_role(&Role::Admin) { "administers" } else { "works at" };
    let name = caller.person.and_then(|person| person.email).unwrap_or_else(|| "a program".to_owned());
    format!("{name} {rights} {}", caller.tenant.slug)
}
