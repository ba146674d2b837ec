//! What is known about a connection before its first byte is read; the listener attaches it to every request.

use std::net::SocketAddr;

/// Facts about the connection, as a request extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The other end of the socket.
    pub peer: SocketAddr,
    /// Whether TLS ends here.
    pub tls: bool,
}
