//! Every limit at its edge: the last that passes, the first that does not.

use crate::toy::{ask, front_with};
use axum::body::{Body, Bytes};
use doorward_web::{WebSettings, limits};
use http_body_util::{BodyExt, Full};
use hyper::body::Frame;

fn text_of(bytes: usize) -> String {
    let frame = r#"{"a":""}"#.len();
    format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - frame))
}

/// A body whose length is not announced.
fn streamed(text: String) -> Body {
    Body::from_stream(Full::new(Bytes::from(text)).into_data_stream())
}

#[tokio::test]
async fn a_body_has_a_size() {
    for (path, limit) in [("/echo", limits::BODY_BYTES), ("/large", limits::BODY_BYTES_HARD)] {
        let post = || ask(&format!("POST {path}")).admitted();
        assert_eq!(post().json(text_of(limit)).send().await.status, 200);
        let over = format!("the body has more than {limit} bytes");
        assert_eq!(post().json(text_of(limit + 1)).send().await.refusal(), (413, over.clone()));
        assert_eq!(post().json(streamed(text_of(limit + 1))).send().await.refusal(), (413, over.clone()));
        let announced = post().json("{}").header("content-length", &(limit + 1).to_string());
        assert_eq!(announced.send().await.refusal(), (413, over));
    }
}

#[tokio::test]
async fn the_operator_decides_how_large_a_body_is() {
    let least = 4 * 1024;
    let front = front_with(WebSettings { body_bytes: least, ..WebSettings::default() });
    let post = |path: &str, bytes| ask(&format!("POST {path}")).admitted().json(text_of(bytes));
    assert_eq!(post("/echo", least).send_to(front.clone()).await.status, 200);
    assert_eq!(post("/echo", least + 1).send_to(front.clone()).await.status, 413);
    assert_eq!(post("/large", least + 1).send_to(front).await.status, 200);
}

#[tokio::test]
async fn json_has_a_depth() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let post = |text: String| ask("POST /echo").admitted().json(text);
    assert_eq!(post(nested(limits::JSON_DEPTH)).send().await.status, 200);
    assert_eq!(post(nested(limits::JSON_DEPTH + 1)).send().await.status, 400);
    assert_eq!(post(nested(30_000)).send().await.status, 400);
    let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    assert_eq!(post(objects(limits::JSON_DEPTH)).send().await.status, 200);
    assert_eq!(post(objects(limits::JSON_DEPTH + 1)).send().await.status, 400);
}

#[tokio::test]
async fn fields_and_parts_are_counted() {
    let json = |count: usize| {
        let pairs: Vec<String> = (0..count).map(|n| format!(r#""f{n}":1"#)).collect();
        format!("{{{}}}", pairs.join(","))
    };
    let form = |count: usize| (0..count).map(|n| format!("f{n}=1")).collect::<Vec<_>>().join("&");
    let parts = |count: usize| {
        let part = |n| format!("--X\r\nContent-Disposition: form-data; name=\"f{n}\"\r\n\r\n1\r\n");
        (0..count).map(part).collect::<String>() + "--X--\r\n"
    };
    let post =
        |media: &str, body: String| ask("POST /echo").admitted().header("content-type", media).body(body);
    let many = "multipart/form-data; boundary=X";
    for (media, body, limit) in [
        ("application/json", &json as &dyn Fn(usize) -> String, limits::FIELDS),
        ("application/x-www-form-urlencoded", &form, limits::FIELDS),
        (many, &parts, limits::MULTIPART_PARTS),
    ] {
        assert_eq!(post(media, body(limit)).send().await.status, 200, "{media}");
        let over = post(media, body(limit + 1)).send().await;
        assert_eq!(over.refusal(), (400, format!("more than {limit} fields")), "{media}");
    }
}

#[tokio::test]
async fn an_address_has_a_length() {
    let of = |bytes: usize| format!("GET /things/7?search={}", "x".repeat(bytes - "/things/7?search=".len()));
    assert_eq!(ask(&of(limits::URI_BYTES)).send().await.status, 200);
    assert_eq!(ask(&of(limits::URI_BYTES + 1)).send().await.status, 414);
}

#[tokio::test]
async fn an_agent_is_cut() {
    let seen = ask("GET /caller").header("user-agent", &"é".repeat(9_000)).send().await;
    let agent = seen.json()["agent"].as_str().unwrap().to_owned();
    assert_eq!(agent.chars().count(), limits::AGENT_CHARS);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_too_slow() {
    let never = Body::new(Stalled);
    assert_eq!(ask("POST /echo").admitted().json(never).send().await.status, 408);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_answers_is_unavailable() {
    assert_eq!(ask("GET /never").send().await.status, 503);
}

/// A body whose client has gone quiet.
struct Stalled;

impl axum::body::HttpBody for Stalled {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Pending
    }
}
