//! The first look at a request: a question for the gate is answered ahead of everything else, because it is asked on
//! every request of every API behind us; all other requests go to the doors and the house.

use axum::body::Body;
use doorward_gate::Gate;
use doorward_web::{HostRouter, Response};
use http::Request;
use hyper::body::Incoming;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower::Service;

/// The service a listener runs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Entrance {
    gate: Gate,
    doors: HostRouter,
}

impl Entrance {
    pub(crate) const fn new(gate: Gate, doors: HostRouter) -> Self {
        Self { gate, doors }
    }
}

impl Service<Request<Incoming>> for Entrance {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        if self.gate.is_asked(&request) {
            let gate = self.gate.clone();
            return Box::pin(async move { Ok(gate.answer(request.map(Body::new)).await) });
        }
        self.doors.call(request)
    }
}
