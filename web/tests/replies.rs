//! What every answer carries, and how cookies and credentials are written and read.

use crate::toy::ask;
use doorward_web::reply::{self, Reply};
use doorward_web::{Cookie, HeaderMap, SameSite, StatusCode, page_headers};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn every_answer_is_hardened() {
    for (line, host) in [
        ("GET /things/7", "toy.example"),
        ("GET /nowhere", "toy.example"),
        ("GET /", "evil.example"),
        ("GET /healthz", "house.example"),
    ] {
        let seen = ask(line).host(host).send().await;
        assert_eq!(seen.header("cache-control"), Some("no-store"));
        assert_eq!(seen.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(seen.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(seen.header("strict-transport-security"), Some("max-age=31536000"));
    }
    let plain = ask("GET /things/7").over_plain_http().peer("127.0.0.1:1").send().await;
    assert_eq!(plain.header("strict-transport-security"), None);
}

#[tokio::test]
async fn a_request_is_named_by_us() {
    let first = ask("GET /things/7").header("x-request-id", "forged").send().await;
    let id = first.header("x-request-id").unwrap();
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let second = ask("GET /things/7").send().await;
    assert_ne!(second.header("x-request-id"), Some(id));
}

#[test]
fn pages_may_not_be_framed_nor_run_strangers_scripts() {
    let mut headers = HeaderMap::new();
    page_headers(&mut headers);
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn a_cookie_is_secure_where_the_request_was() {
    let secure = ask("POST /sign-in").send().await;
    let expected = "session=11111111-2222; Path=/; HttpOnly; SameSite=Lax; Secure";
    assert_eq!(secure.header("set-cookie"), Some(expected));
    let local = ask("POST /sign-in").over_plain_http().peer("127.0.0.1:1").send().await;
    assert_eq!(local.header("set-cookie"), Some("session=11111111-2222; Path=/; HttpOnly; SameSite=Lax"));
}

#[test]
fn a_cookie_cannot_be_broken_out_of() {
    let cookie = |value| Cookie {
        name: "session",
        value,
        path: "/",
        same_site: SameSite::None,
        secure: true,
        max_age: Some(Duration::ZERO),
    };
    let text = "session=; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=0";
    assert_eq!(cookie("").header().unwrap(), text);
    for value in ["a; Domain=evil", "a\r\nX: y", "a b", "a\"b", "é\u{7f}"] {
        assert_eq!(cookie(value).header(), None, "{value:?}");
    }
}

#[test]
fn a_header_that_is_no_header_text_is_left_out() {
    let reply = reply::empty(StatusCode::OK).with_header(http::header::LOCATION, "a\r\nb");
    assert!(reply.headers().is_empty());
}

#[test]
fn a_wait_is_rounded_up_to_whole_seconds() {
    for (wait, text) in [(0, "1"), (1, "1"), (1_000, "1"), (1_001, "2"), (60_000, "60")] {
        let reply = reply::empty(StatusCode::OK).with_retry_after(Duration::from_millis(wait));
        assert_eq!(reply.headers()["retry-after"], text);
    }
}

#[tokio::test]
async fn cookies_are_read_by_name_and_two_different_ones_are_nobodys() {
    for (headers, status, value) in [
        (vec![], 200, json!(null)),
        (vec!["a=b; session=s1; c=d"], 200, json!("s1")),
        (vec!["a=b", "session=\"s1\""], 200, json!("s1")),
        (vec!["session=s1; session=s1"], 200, json!("s1")),
        (vec!["Session=s1; xsession=s2"], 200, json!(null)),
        (vec!["name=ö; session=s1"], 200, json!("s1")),
        (vec!["session=s1; session=s2"], 401, json!(null)),
        (vec!["session=s1", "session=s2"], 401, json!(null)),
    ] {
        let mut asked = ask("GET /cookie");
        for header in &headers {
            asked = asked.header("cookie", header);
        }
        let seen = asked.send().await;
        assert_eq!(seen.status, status, "{headers:?}");
        if status == 200 {
            assert_eq!(seen.json(), value, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn a_bearer_token_is_read_from_its_scheme_only() {
    let read = |value: &'static str| ask("GET /bearer").header("authorization", value).send();
    assert_eq!(read("Bearer abc").await.json(), json!("abc"));
    assert_eq!(read("bearer abc").await.json(), json!("abc"));
    assert_eq!(read("Basic abc").await.json(), json!(null));
    let twice = ask("GET /bearer").header("authorization", "Bearer a").header("authorization", "Bearer b");
    assert_eq!(twice.send().await.status, 400);
}
