//! What a client may not do: too many headers, too large, too slow, too many connections (P19).

use crate::served::{limits, serve, until_closed};
use doorward_entrance::ConnectionLimits;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Short, so that the test does not wait; the default is in the configuration.
const SOON: Duration = Duration::from_millis(150);

#[tokio::test]
async fn too_many_headers_are_refused() {
    let served = serve(limits(), None).await;
    let headers: String = (0..30).map(|n| format!("X-{n}: 1\r\n")).collect();
    let answer = served.exchange(&format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn too_large_a_head_is_refused() {
    let served = serve(limits(), None).await;
    let answer =
        served.exchange(&format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(20_000))).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let served = serve(limits(), None).await;
    let answer = served.exchange("\u{16}\u{3}\u{1} nonsense\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test]
async fn a_head_that_does_not_arrive_in_time_ends_the_connection() {
    let served = serve(ConnectionLimits { header_timeout: SOON, ..limits() }, None).await;
    let answer = served.exchange("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await;
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn half_a_preface_or_silence_ends_the_connection() {
    let served = serve(ConnectionLimits { idle_timeout: SOON, linger: SOON, ..limits() }, None).await;
    assert_eq!(served.exchange("").await, "");
    assert_eq!(served.exchange("PRI * HTTP/2.0\r\n").await, "");
    served.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
}

#[tokio::test]
async fn a_request_in_progress_outlives_the_idle_time() {
    let served = serve(ConnectionLimits { idle_timeout: SOON, linger: SOON, ..limits() }, None).await;
    let mut working = served.connect().await;
    working.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    served.slow_arrived.notified().await;
    // Another connection that is opened later and reaped for idleness shows that the time has passed.
    assert_eq!(served.exchange("").await, "");
    served.slow_may_answer.notify_one();
    assert!(until_closed(&mut working).await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn connections_beyond_the_cap_wait_for_a_place() {
    let served = serve(ConnectionLimits { connections: 1, ..limits() }, None).await;
    let mut first = served.connect().await;
    first.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut byte = [0];
    first.read_exact(&mut byte).await.unwrap();

    let mut second = served.connect().await;
    second.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    served.slow_may_answer.notify_one();
    drop(first);
    served.slow_arrived.notified().await;
    assert!(until_closed(&mut second).await.starts_with("HTTP/1.1 200 OK\r\n"));
}
