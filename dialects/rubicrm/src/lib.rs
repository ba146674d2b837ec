//! RubiCRM. Being written.

use doorward_web::{Call, CallContext, CorsPolicy, Dialect, Refusal, Response, Route, StatusCode, reply};

/// The RubiCRM dialect.
#[derive(Debug)]
pub struct Rubicrm;

impl Dialect for Rubicrm {
    const NAME: &'static str = doorward_model::Dialect::Rubicrm.as_str();
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
