//! Sockets, TLS and connections: everything between the kernel and a request.
//!
//! [`Listener`] binds the addresses, accepts, and hands each request to what answers them all; it bounds what a connection may
//! cost (P19), swaps certificates without a restart and shuts down without cutting a request. It knows no route and
//! no door. The life of one connection is in `connection.rs`, its limits are in `protocol.rs`.

mod activity;
mod answers;
mod certificate;
mod connection;
mod descriptors;
mod error;
mod heard;
mod listener;
mod protocol;
mod settings;
mod streamed;

pub use answers::Answers;
pub use certificate::{Certificate, CertificateError};
pub use error::ListenError;
pub use listener::Listener;
pub(crate) use protocol::{HELD_LIMIT, most_held};
pub use settings::ConnectionLimits;
