//! What a dialect says about itself; everything else a door does is the same for all of them.
//!
//! `tests/toy/dialect.rs` is a whole dialect on one page.

use crate::{Call, CallContext, CorsPolicy, Refusal, Response, Route};
use doorward_core::Core;
use std::borrow::Cow;
use std::fmt::Debug;

/// One wire dialect: its routes, who is calling, and its own words for every refusal.
///
/// `C` is what handlers work on: the [`Core`], except in the plumbing's own tests.
pub trait Dialect<C: Send + Sync + 'static = Core>: Send + Sync + Sized + 'static {
    /// The word of [`doorward_model::Dialect::as_str`]; doors are matched with it.
    const NAME: &'static str;

    /// Who may call a route, as data.
    type Access: Copy + Debug + Send + Sync + 'static;

    /// What admission found out about the caller.
    type Guest: Send + 'static;

    /// Every route of the dialect.
    fn routes() -> Vec<Route<Self, C>>;

    /// The door's application check and, where the route asks for it, the sign-in. Runs after path and method are
    /// known and before any handler reads the body (dialects: order of checks).
    fn admit(
        access: Self::Access,
        call: &mut Call<C>,
    ) -> impl Future<Output = Result<Self::Guest, Refusal>> + Send;

    /// Renders every meaning in the dialect's own body: one exhaustive match. Also called for what the plumbing
    /// refuses, so `call` may not have been admitted.
    fn refuse(refusal: &Refusal, call: &CallContext<C>) -> Response;

    /// Who may call this door from a browser page of another origin. Asked only when a request has an `Origin`.
    fn cors(call: &CallContext<C>) -> impl Future<Output = CorsPolicy> + Send;

    /// How a path is written before it is matched: prefixes stripped, case folded. Applied to requests and to the
    /// routes' own paths alike; path parameters are cut from what it returns.
    fn normalise_path(path: &str) -> Cow<'_, str> {
        path.into()
    }
}
