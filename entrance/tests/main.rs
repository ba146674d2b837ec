//! The listener over real sockets, one module per subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its own functions too"
)]

mod http;
mod limits;
mod served;
mod shutdown;
mod tls;
