//! `POST /verify` under the limits of every other route: a fault or a slow body of one asker stays that asker's.

use crate::stage::{Stage, gate};
use axum::body::HttpBody;
use bytes::Bytes;
use doorward_testkit::{House, Request};
use doorward_web::{Connection, limits};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The status of a question with this body, asked from this machine.
async fn status(
    house: &House,
    body: impl HttpBody<Data = Bytes, Error = std::convert::Infallible> + Send + 'static,
) -> u16 {
    let gate = gate(house, &["doors"], "127.0.0.0/8", |_| ());
    let from = Connection { peer: ([127, 0, 0, 1], 9).into(), tls: false };
    let request = http::Request::post("/verify").body(body).unwrap();
    gate.answer(request, from).await.status().as_u16()
}

fn question() -> Full<Bytes> {
    Full::from(json!({ "credential": { "kind": "session", "value": "x" } }).to_string())
}

#[tokio::test]
async fn a_body_that_never_ends_is_too_slow() {
    let house = House::start().await;
    tokio::time::pause();
    assert_eq!(status(&house, question().with_trailers(std::future::pending())).await, 408);
}

#[tokio::test]
async fn a_panic_stays_in_its_answer() {
    let house = House::start().await;
    let breaking = question().map_frame(|frame| {
        assert!(frame.is_trailers(), "as a fault of ours would");
        frame
    });
    assert_eq!(status(&house, breaking).await, 500);
}

#[tokio::test]
async fn a_body_has_a_length() {
    let house = House::start().await;
    assert_eq!(
        status(&house, Full::from(" ".repeat(512 * 1024))).await,
        400,
        "no question, of an allowed length"
    );
    assert_eq!(status(&house, Full::from(" ".repeat(512 * 1024 + 1))).await, 413);
}

/// A map of headers has an end of its own, at which adding another panics.
#[tokio::test]
async fn a_request_has_as_many_headers_as_doorward_takes_itself() {
    let stage = Stage::start().await;
    let about =
        |headers: Value| json!({ "method": "GET", "url": "https://guild.example/x", "headers": headers });
    let named = |count: usize| (0..count).map(|n| (format!("x{n}"), "")).collect::<BTreeMap<_, _>>();
    let batch = json!([
        about(json!(named(limits::HEADER_COUNT))),
        about(json!(named(limits::HEADER_COUNT + 1))),
        about(json!({ "x": vec![""; limits::HEADER_COUNT + 1] })),
        about(json!(named(30_000))),
    ]);
    let answer = stage.send(Request::post("doorward.internal", "/verify").json(&batch)).await;
    let told = answer.json();
    let reasons: Vec<&str> =
        told.as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["none", "metadata", "metadata", "metadata"]);
}
