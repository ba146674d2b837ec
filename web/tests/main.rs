//! Whole requests through [`doorward_web::service`] with a toy dialect. One module per subject.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking, in its own functions too"
)]
#![expect(unreachable_pub, reason = "nothing of a test binary can be reached")]

mod bodies;
mod client_address;
mod cors;
mod csrf;
mod export;
mod hosts;
mod limits;
mod log;
mod order;
mod panics;
mod replies;
mod toy;
mod typed_fields;
