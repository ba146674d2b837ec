//! HTTP/1.1 and HTTP/2 on one connection, with every limit explicit (P19).
//!
//! An HTTP/2 client can make us hold more than one of HTTP/1.1, and [`most_held`] says how much.

use crate::ConnectionLimits;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::time::Duration;

/// Unread body bytes of one request; a body of the default size limit fits whole.
const STREAM_WINDOW: u32 = 64 * 1024;

/// Unread body bytes of all requests of one connection together.
const CONNECTION_WINDOW: u32 = 128 * 1024;

/// Unsent bytes of one answer; answers are small documents.
const SEND_BUFFER: usize = 8 * 1024;

/// Requests that were opened and reset before we looked at them; more is an attack (CVE-2023-44487).
const PENDING_RESETS: usize = 20;

/// Resets we were made to send; more is an attack of the same family (CVE-2025-8671).
const ERROR_RESETS: usize = 100;

/// How often a silent HTTP/2 peer is asked for a sign of life, and how long it may take to give one.
const PING: Duration = Duration::from_secs(10);

/// The most that one connection may make us hold (P19).
pub const HELD_LIMIT: u64 = 1024 * 1024;

/// What one HTTP/2 connection can make us hold, in bytes: heads, bodies that are being read, unread body bytes and
/// unsent answers; 1008 KiB with the default settings. HTTP/1.1 holds one body and two buffers of `header_bytes`.
pub fn most_held(streams: u32, header_bytes: u64, body: u64) -> u64 {
    u64::from(streams) * (header_bytes + body + SEND_BUFFER as u64) + u64::from(CONNECTION_WINDOW)
}

/// What serves connections within the limits.
pub(crate) fn builder(limits: &ConnectionLimits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        // How long a head may take is watched by `activity.rs`.
        .header_read_timeout(None)
        .max_headers(limits.header_count)
        .max_buf_size(limits.header_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(limits.streams)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_pending_accept_reset_streams(PENDING_RESETS)
        .max_local_error_reset_streams(ERROR_RESETS)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING);
    builder
}
