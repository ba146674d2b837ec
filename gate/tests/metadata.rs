//! Questions that are none: missing, doubled or broken metadata is refused, and nobody who may not ask is answered.

use crate::stage::{Stage, client, forwarded, reason};
use doorward_testkit::{House, Request};

fn without(missing: &str) -> Request {
    let mut request = Request::get("doorward.internal", "/verify/forward-auth");
    for (name, value) in [
        ("x-forwarded-method", "GET"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "harbour.crm.example"),
        ("x-forwarded-uri", "/x"),
    ] {
        if name != missing {
            request = request.header(name, value);
        }
    }
    request
}

#[tokio::test]
async fn every_part_of_the_question_must_be_there_once() {
    let stage = Stage::start().await;
    let parts = ["x-forwarded-method", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-uri"];
    for part in parts {
        assert_eq!(reason(&stage.send(without(part)).await), (400, "metadata"), "without {part}");
        let doubled = without("").header(part, "GET");
        assert_eq!(reason(&stage.send(doubled).await), (400, "metadata"), "{part} twice");
    }
    let nginx = Request::get("doorward.internal", "/verify/auth-request");
    assert_eq!(reason(&stage.send(nginx).await), (403, "metadata"), "nginx knows no 400");
}

#[tokio::test]
async fn paths_that_two_readers_could_see_differently_are_refused() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    for uri in
        ["/a/../b", "/%2e%2e/b", "/a%2fb", "/a%5Cb", "/a%00b", "//a", "a", "/..;/b", "/%252e%252e/b", "/a#b"]
    {
        let told = stage.ask_at(&credential, credential.host, uri).await;
        assert_eq!(reason(&told), (400, "metadata"), "{uri}");
    }
}

/// A client behind a proxy that appends could else make itself one that nobody knows, and guess uncounted.
#[tokio::test]
async fn hops_that_cannot_be_read_are_refused() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    for hops in ["x, 203.0.113.7", "203.0.113.7, ", &"10.0.0.1, ".repeat(40)] {
        let mut request = without("").header("x-forwarded-for", hops);
        for (name, value) in &credential.headers {
            request = request.header(name, value);
        }
        assert_eq!(reason(&stage.send(request).await), (400, "metadata"), "{hops}");
    }
}

#[tokio::test]
async fn broken_hosts_are_refused() {
    let stage = Stage::start().await;
    for host in
        ["", "a b", "a@harbour.crm.example", "harbour.crm.example:x", "harbour.crm.example,evil.example"]
    {
        let told = stage.send(forwarded("GET", host, "/x")).await;
        assert_eq!(reason(&told), (400, "metadata"), "{host:?}");
    }
}

#[tokio::test]
async fn nobody_else_may_ask() {
    let house = House::start().await;
    let stranger = client(&house, &["doors"], "10.0.0.0/8");
    let told = stranger.send(forwarded("GET", "harbour.crm.example", "/x")).await;
    assert_eq!(told.text(), "no question");
}
