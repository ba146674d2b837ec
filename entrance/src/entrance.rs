//! The first look at a request: a question for the gate is answered ahead of everything else, because it is asked on
//! every request of every API behind us; all other requests go to the doors and the house.

use crate::{Answers, Listener};
use doorward_gate::Gate;
use doorward_web::{Connection, HostRouter, Response};
use http::Request;
use hyper::body::Incoming;
use std::pin::Pin;

/// What ends the serving, once it resolves.
pub type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The serving, until it has stopped.
pub type Serving = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a listener runs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Entrance {
    gate: Gate,
    doors: HostRouter,
}

impl Entrance {
    /// The gate, and the doors with the house beside them.
    pub const fn new(gate: Gate, doors: HostRouter) -> Self {
        Self { gate, doors }
    }

    /// Serves what the listener hears, as [`Listener::serve`] does, and is compiled in this crate, for speed: a future is compiled where
    /// it is polled, unless it is put behind a pointer before. Inlined it would be put there by the caller.
    #[inline(never)]
    pub fn serve(self, listener: Listener, stop: Stop) -> Serving {
        Box::pin(listener.serve(self, stop))
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
