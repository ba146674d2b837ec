//! The first look at a request: a question for the gate is answered ahead of everything else, because it is asked on
//! every request of every API behind us; all other requests go to the doors and the house.

use crate::listen::Answers;
use doorward_gate::Gate;
use doorward_web::{Connection, HostRouter, Response};
use http::Request;
use hyper::body::Incoming;

/// What a listener runs. Cheap to clone.
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

impl Answers for Entrance {
    async fn answer(&self, mut request: Request<Incoming>, from: Connection) -> Response {
        if self.gate.is_asked(&request, from) {
            return self.gate.answer(request, from).await;
        }
        request.extensions_mut().insert(from);
        self.doors.answer(request).await
    }
}
