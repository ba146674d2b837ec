//! LeadSquared. Being written.

use doorward_web::{Call, CallContext, CorsPolicy, Dialect, Refusal, Response, Route, StatusCode, reply};

/// The LeadSquared dialect.
#[derive(Debug)]
pub struct Leadsquared;

impl Dialect for Leadsquared {
    const NAME: &'static str = doorward_model::Dialect::Leadsquared.as_str();
    type Access = ();
    type Guest = ();

    fn routes() -> Vec<Route<Self>> {
        Vec::new()
    }

    async fn admit((): (), _: &mut Call) -> Result<(), Refusal> {
        Ok(())
    }

    fn refuse(_: &Refusal, _: &CallContext) -> Response {
        reply::empty(StatusCode::NOT_FOUND)
    }

    async fn cors(_: &CallContext) -> CorsPolicy {
        CorsPolicy::default()
    }
}
