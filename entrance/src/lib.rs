//! Sockets, TLS, connections and the first look at a request: everything between the kernel and a door.
//!
//! [`Listener`] binds the addresses, accepts, and hands each request to what answers them all; it bounds what a connection may
//! cost (P19), swaps certificates without a restart and shuts down without cutting a request. It knows no route and
//! no door. [`Entrance`] is what it serves in a running server. The life of one connection is in `connection.rs`, its limits are
//! in `protocol.rs`.
//!
//! A crate of its own because every request goes through it: the release builds it for speed, and the server around it, which
//! nobody waits for, to be small.

mod activity;
mod answers;
mod certificate;
mod connection;
mod descriptors;
mod entrance;
mod error;
mod heard;
mod listener;
mod protocol;
mod settings;
mod streamed;

pub use answers::Answers;
pub use certificate::{Certificate, CertificateError, CertificateFiles};
pub use entrance::{Entrance, Serving, Stop};
pub use error::ListenError;
pub use listener::Listener;
pub use protocol::{HELD_LIMIT, most_held};
pub use settings::ConnectionLimits;
