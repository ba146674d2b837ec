//! What one connection may cost and how long it may take.

use std::time::Duration;

/// What one connection may cost and how long it may take. Made from the configuration; tests make their own.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// The most header fields of a request; more is answered 431.
    pub header_count: usize,
    /// The largest head of a request in bytes; more is answered 431.
    pub header_bytes: usize,
    /// How long a head may take to arrive.
    pub header_timeout: Duration,
    /// How long a TLS handshake may take.
    pub handshake_timeout: Duration,
    /// How long a connection may live without a request in progress.
    pub idle_timeout: Duration,
    /// How long the last answer may take to leave once a connection is being closed.
    pub linger: Duration,
    /// The most connections at one time; further ones wait in the kernel. Each listening address keeps one
    /// place ready, so this must exceed their number.
    pub connections: usize,
    /// The most requests in progress on one HTTP/2 connection.
    pub streams: u32,
    /// How long requests in progress may take to finish at shutdown.
    pub shutdown_grace: Duration,
}

impl ConnectionLimits {
    /// A handshake is two small round trips; a client that needs longer is stuck or hostile.
    pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

    /// With [`Self::LONGEST_IDLE`] this stays below the 30 s of P19.
    pub const LINGER: Duration = Duration::from_secs(4);

    /// The longest idle time that anybody may configure: P19 ends a connection that does nothing within 30 s.
    pub const LONGEST_IDLE: Duration = Duration::from_secs(25);
}
