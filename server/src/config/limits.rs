//! `[limits]`: what a caller may send, and how slowly (P19).

use super::reader::Reader;
use super::units::ByteSize;
use doorward_entrance::{ConnectionLimits, HELD_LIMIT, most_held};
use std::time::Duration;

/// What a caller may send, and how slowly. The bounds keep one connection under 1 MiB and a slow client under 30 s,
/// whatever is configured (P19).
#[derive(Clone, Debug)]
pub struct Limits {
    /// The largest body at a door.
    pub body: ByteSize,
    /// The most header fields of a request.
    pub header_count: usize,
    /// The largest head of a request: request line and fields together.
    pub header_bytes: ByteSize,
    /// How long a head may take to arrive; also how long an HTTP/1.1 connection may idle between requests.
    pub header_timeout: Duration,
    /// How long a connection may live without a request in progress.
    pub idle_timeout: Duration,
    /// The most connections at one time.
    pub connections: usize,
    /// The most requests in progress on one HTTP/2 connection.
    pub streams: u32,
    /// How long requests in progress may take to finish at shutdown.
    pub shutdown_grace: Duration,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("limits", "What a caller may send, and how slowly.");
        let seconds = |from, to| Duration::from_secs(from)..=Duration::from_secs(to);
        let limits = Self {
            body: section.within(
                "body",
                ByteSize::kib(64),
                ByteSize::kib(4)..=ByteSize::kib(512),
                "The largest request body at a door; hosted pages and metrics take at most 64KiB.",
            ),
            header_count: section.within(
                "header_count",
                100,
                16..=256,
                "The most header fields of a request. More is answered 431, without a body.",
            ),
            // 8 KiB is the least the HTTP/1 reader works with.
            header_bytes: section.within(
                "header_bytes",
                ByteSize::kib(16),
                ByteSize::kib(8)..=ByteSize::kib(64),
                "The largest request head: request line and header fields together. More is answered 431, without a body.",
            ),
            header_timeout: section.within(
                "header_timeout",
                Duration::from_secs(10),
                Duration::from_millis(100)..=Duration::from_secs(20),
                "How long the head of an HTTP/1.1 request may take to arrive.",
            ),
            idle_timeout: section.within(
                "idle_timeout",
                Duration::from_secs(20),
                Duration::from_millis(100)..=ConnectionLimits::LONGEST_IDLE,
                "How long a connection may live without a request in progress, an HTTP/1.1 one between requests too.",
            ),
            // Each listening address keeps one place ready, hence the floor.
            connections: section.within(
                "connections",
                4096,
                64..=1_000_000,
                "The most connections at one time; further ones wait to be accepted.",
            ),
            streams: section.within("streams", 10, 1..=64, "The most requests in progress on one HTTP/2 connection."),
            shutdown_grace: section.within(
                "shutdown_grace",
                Duration::from_secs(20),
                seconds(0, 600),
                "How long requests in progress may take to finish when Doorward is told to stop.",
            ),
        };
        let held = most_held(limits.streams, limits.header_bytes.0, limits.body.0);
        if held > HELD_LIMIT {
            let held = held.div_ceil(1024);
            section.refuse(
                "streams",
                format!(
                    "one connection could hold {held} KiB, 1024 at most: lower streams, body or header_bytes"
                ),
            );
        }
        limits
    }

    /// The same, as a listener takes it.
    pub(crate) fn of_connections(&self) -> ConnectionLimits {
        ConnectionLimits {
            header_count: self.header_count,
            header_bytes: self.header_bytes.as_usize(),
            header_timeout: self.header_timeout,
            handshake_timeout: ConnectionLimits::HANDSHAKE_TIMEOUT,
            idle_timeout: self.idle_timeout,
            linger: ConnectionLimits::LINGER,
            connections: self.connections,
            streams: self.streams,
            shutdown_grace: self.shutdown_grace,
        }
    }
}
