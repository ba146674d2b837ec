//! HTTP/1.1 and HTTP/2 on the same plain port, several addresses, and ports that cannot be had.

use crate::served::{PATIENCE, limits, serve};
use axum::body::Body;
use doorward_entrance::Listener;
use http::Request;
use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use tokio::time::timeout;

#[tokio::test]
async fn http_1_answers_and_the_service_knows_the_peer() {
    let served = serve(limits(), None).await;
    let answer = served.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("HTTP/1.1 tls=false loopback=true"), "{answer}");
}

#[tokio::test]
async fn http_2_answers_on_the_same_port_and_counts_headers() {
    let served = serve(limits(), None).await;
    let io = TokioIo::new(served.connect().await);
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let request = || Request::builder().uri("http://a/");
    let answer = client.send_request(request().body(Body::empty()).unwrap()).await.unwrap();
    let body = timeout(PATIENCE, answer.collect()).await.unwrap().unwrap().to_bytes();
    assert_eq!(body, "HTTP/2.0 tls=false loopback=true");

    let many = (0..30).fold(request(), |request, n| request.header(format!("x-{n}"), "1"));
    let answer = client.send_request(many.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 431);
}

#[tokio::test]
async fn several_addresses_are_served_by_one_listener() {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = Listener::bind(&[any_port, any_port], None, limits()).await.unwrap();
    assert_eq!(listener.addresses().len(), 2);
    assert_ne!(listener.addresses()[0].port(), listener.addresses()[1].port());
}

#[tokio::test]
async fn a_taken_port_is_one_clear_sentence() {
    let first = serve(limits(), None).await;
    let error = Listener::bind(&[first.address], None, limits()).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("port {} on 127.0.0.1 is taken by another program", first.address.port())
    );
}
