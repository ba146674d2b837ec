//! What no honest client sends: answered as a problem, and nothing of it is told back or kept.

use crate::desk::{Desk, HOST, refusal};
use doorward_testkit::Request;
use serde_json::{Value, json};

#[tokio::test]
async fn unknown_and_repeated_fields_are_named_and_nothing_is_made() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let (token, path) = (desk.token(&top, &["manage"]).await, format!("/tenants/{}/people", top.tenant().id));
    let wrong: [(Value, &str); 12] = [
        (json!({ "email": "a@b.example", "is_admin": true }), "is_admin"),
        (json!({ "email": "a@b.example", "id": "1" }), "id"),
        (json!({}), "email"),
        (json!({ "email": null }), "email"),
        (json!({ "email": 7 }), "email"),
        (json!({ "email": ["a@b.example"] }), "email"),
        (json!({ "email": "a@b.example\r\nBcc: c@d.example" }), "email"),
        (json!({ "email": "a@b.example", "first_name": "x\u{0}y" }), "first_name"),
        (json!({ "email": "a@b.example", "first_name": "x".repeat(251) }), "first_name"),
        (json!({ "email": "a@b.example", "kind": "king" }), "kind"),
        (json!({ "email": "a@b.example", "role": "root" }), "role"),
        (json!({ "email": "a@b.example", "password": "password1" }), "password"),
    ];
    for (body, field) in wrong {
        let answer = desk.post(&token, &path, &[], &body).await;
        assert_eq!(refusal(&answer), (422, "invalid".to_owned()), "{body}");
        assert_eq!(answer.json()["field"], field, "{body}");
    }
    let raw = async |content_type: &str, body: &[u8]| {
        let ask = Request::post(HOST, &format!("/manage/v1{path}")).body(content_type, body.to_vec());
        refusal(&desk.send(ask.header("authorization", &format!("Bearer {token}"))).await).0
    };
    assert_eq!(raw("application/json", b"{\"email\":\"a@b.example\",\"email\":\"c@d.example\"}").await, 422);
    assert_eq!(raw("application/json", b"[]").await, 400);
    assert_eq!(raw("application/json", b"{\"email\":").await, 400);
    assert_eq!(raw("application/json", b"\xff\xfe").await, 400);
    assert_eq!(raw("application/json", &[b'['; 50_000]).await, 400);
    assert_eq!(raw("application/json", &[b' '; 70_000]).await, 413);
    assert_eq!(raw("application/x-www-form-urlencoded", b"email=a@b.example").await, 415);
    assert_eq!(desk.get(&token, &path).await.json()["items"], json!([]), "nobody was made");
}

#[tokio::test]
async fn odd_queries_cursors_and_headers_are_refused() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, &["manage"]).await;
    let people = format!("/tenants/{}/people", top.tenant().id);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=", "cursor"),
        ("cursor=AAAA", "cursor"),
        ("cursor=%00", "cursor"),
        ("x=ada", "x"),
        ("Limit=1", "Limit"),
    ] {
        for path in [people.as_str(), "/tenants"] {
            let answer = desk.get(&token, &format!("{path}?{query}")).await;
            assert_eq!(refusal(&answer), (422, "invalid".to_owned()), "{path}?{query}");
            assert_eq!(answer.json()["field"], field, "{path}?{query}");
        }
    }
    assert_eq!(refusal(&desk.get(&token, &format!("{people}?limit=%ff")).await).0, 400);
    let body = json!({ "email": "a@b.example" });
    let longest = "k".repeat(256);
    for keys in
        [&[("idempotency-key", "")][..], &[("idempotency-key", "a b")], &[("idempotency-key", &longest)]]
    {
        assert_eq!(refusal(&desk.post(&token, &people, keys, &body).await).0, 422, "{keys:?}");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    assert_eq!(refusal(&desk.post(&token, &people, &twice, &body).await).0, 422);
    // Two tokens are none.
    let ask = Request::get(HOST, "/manage/v1/tenants").header("authorization", &format!("Bearer {token}"));
    assert_eq!(refusal(&desk.send(ask.header("authorization", "Bearer x")).await).0, 401);
}

#[tokio::test]
async fn other_paths_and_methods_are_problems_too() {
    let desk = Desk::open().await;
    for path in [
        "/manage/v1",
        "/manage/v1/",
        "/manage/v1/nothing",
        "/manage/v1/tenants/x/nothing",
        "/manage/v1/tenants/%ff/people",
    ] {
        let answer = desk.send(Request::get(HOST, path)).await;
        assert_eq!(refusal(&answer), (404, "not_found".to_owned()), "{path}");
    }
    for (method, path, allow) in [
        ("DELETE", "/manage/v1/tenants", vec!["GET", "HEAD", "POST"]),
        ("TRACE", "/manage/v1/tenants/x/people", vec!["GET", "HEAD", "POST"]),
        ("POST", "/manage/v1/openapi.json", vec!["GET", "HEAD"]),
    ] {
        let answer = desk.send(Request::new(method, HOST, path)).await;
        assert_eq!(refusal(&answer), (405, "method_not_allowed".to_owned()), "{method} {path}");
        let mut told: Vec<&str> =
            answer.header("allow").unwrap_or_default().split(',').map(str::trim).collect();
        told.sort_unstable();
        assert_eq!(told, allow, "{method} {path}");
    }
}

#[tokio::test]
async fn the_document_and_the_page_are_open_and_ask_nobody_else() {
    let desk = Desk::open().await;
    let document = desk.send(Request::get(HOST, "/manage/v1/openapi.json")).await;
    assert_eq!((document.status.as_u16(), document.header("content-type")), (200, Some("application/json")));
    assert_eq!(document.json()["openapi"], "3.1.0");
    let page = desk.send(Request::get(HOST, "/manage/v1/reference")).await;
    assert!(page.header("content-security-policy").is_some_and(|policy| !policy.contains("unsafe")));
    let text = page.text();
    assert!(text.contains("/manage/v1/tenants/{id}/people") && text.contains("id=\"forbidden\""), "{text}");
    assert!(!text.contains("<script") && !text.contains("http://") && !text.contains("https://"));
    let style = desk.send(Request::get(HOST, "/manage/v1/reference.css")).await;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
}
