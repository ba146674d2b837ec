//! What a listener hands its requests to.

use axum::body::Body;
use doorward_web::Connection;
use http::{Request, Response};
use hyper::body::Incoming;

/// Answers every request somehow. Not a tower service, whose futures would have to be named, and so be boxed for each
/// request: this one's live where the connection keeps its request.
pub trait Answers: Send + Sync + 'static {
    /// The answer to a request that came over this connection.
    fn answer(
        &self,
        request: Request<Incoming>,
        from: Connection,
    ) -> impl Future<Output = Response<Body>> + Send;
}

impl<F, A> Answers for F
where
    F: Fn(Request<Incoming>, Connection) -> A + Send + Sync + 'static,
    A: Future<Output = Response<Body>> + Send,
{
    fn answer(
        &self,
        request: Request<Incoming>,
        from: Connection,
    ) -> impl Future<Output = Response<Body>> + Send {
        self(request, from)
    }
}
