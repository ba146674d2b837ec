//! The client as services use it: real questions to a real Doorward, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its own functions too")]

mod asking;
mod assertions;
mod layer;
mod readme;
mod remembering;
mod service;
mod stage;
mod stand_ins;
mod tls;
mod unanswered;
