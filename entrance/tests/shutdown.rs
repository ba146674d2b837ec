//! Stopping: requests in progress finish, idle connections go at once, and nothing waits for ever.

use crate::served::{PATIENCE, limits, serve, until_closed};
use doorward_entrance::ConnectionLimits;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const SLOW: &[u8] = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test]
async fn a_request_in_progress_is_answered_after_the_stop() {
    let served = serve(limits(), None).await;
    let mut stream = served.connect().await;
    stream.write_all(SLOW).await.unwrap();
    served.slow_arrived.notified().await;
    served.stop.send(()).unwrap();
    // The port closes first; only then may the answer leave.
    while TcpStream::connect(served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    served.slow_may_answer.notify_one();
    assert!(until_closed(&mut stream).await.starts_with("HTTP/1.1 200 OK\r\n"));
    timeout(PATIENCE, served.ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_stop() {
    let served = serve(limits(), None).await;
    let mut idle = served.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    idle.read_exact(&mut [0]).await.unwrap();
    served.stop.send(()).unwrap();
    timeout(PATIENCE, served.ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_does_not_finish_within_the_grace_period_is_cut() {
    let grace = Duration::from_millis(100);
    let served = serve(ConnectionLimits { shutdown_grace: grace, ..limits() }, None).await;
    let mut stream = served.connect().await;
    stream.write_all(SLOW).await.unwrap();
    served.slow_arrived.notified().await;
    served.stop.send(()).unwrap();
    timeout(PATIENCE, served.ended).await.unwrap().unwrap();
    assert_eq!(until_closed(&mut stream).await, "");
}
