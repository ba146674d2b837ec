//! The current login: reading, switching and ending it.

use crate::harbour::{FORBIDDEN, GYM, HOST, Harbour, NOT_FOUND, SPA, STRANGER, UNAUTHORIZED, said};
use doorward_testkit::Request;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn the_current_login_reads_like_the_login_did() {
    let harbour = Harbour::open().await;
    let login = harbour.log_in("/login", "owner@harbour.example", None).await;
    let token = login.header("auth-token").unwrap();
    for path in ["/login", "/login/admin", "/login/admin/37001", "/login/37001"] {
        let answer = harbour.with(token, "GET", path).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, login.json()), "{path}");
    }
    let below = harbour.with(token, "GET", "/login/admin/37002").await;
    assert_eq!((below.status.as_u16(), &below.json()["company_id"]), (200, &json!(SPA)));
    assert_eq!(said(&harbour.with(token, "GET", "/login/member").await), (403, FORBIDDEN.to_owned()));
}

#[tokio::test]
async fn a_cookie_carries_the_token_too_but_is_never_repeated() {
    let harbour = Harbour::open().await;
    let token = harbour.token("owner@harbour.example", 37_001).await;
    let cookie = format!("Auth-Token={token}");
    let answer = harbour.send(harbour.call("GET", "/login").header("Cookie", &cookie)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.json().get("auth_token").is_none());
    let from =
        |origin: &str| harbour.call("DELETE", "/login").header("Cookie", &cookie).header("Origin", origin);
    assert_eq!(harbour.send(from("https://evil.example")).await.status, 403);
    assert_eq!(harbour.send(from("https://door.example")).await.status, 200);
}

#[tokio::test]
async fn a_token_lives_a_day_from_its_last_use() {
    let harbour = Harbour::open().await;
    let token = harbour.token("owner@harbour.example", 37_001).await;
    let hour = Duration::from_secs(3_600);
    for _ in 0..3 {
        harbour.house.clock.advance(hour * 23);
        assert_eq!(harbour.with(&token, "GET", "/login").await.status, 200);
    }
    // A use counts for up to half an hour more: it is written down in steps, rounded in the person's favour.
    harbour.house.clock.advance(hour * 24 + hour / 2);
    assert_eq!(said(&harbour.with(&token, "GET", "/login").await), (401, UNAUTHORIZED.to_owned()));
}

#[tokio::test]
async fn a_token_moves_to_another_company_of_its_person() {
    let harbour = Harbour::open().await;
    let token = harbour.token("shared@harbour.example", SPA).await;
    let switch = |company: i64| harbour.put(&token, "PUT", "/login/admin", json!({ "company_id": company }));
    let moved = switch(GYM).await;
    assert_eq!((moved.status.as_u16(), &moved.json()["company_id"]), (200, &json!(GYM)));
    assert_eq!(moved.json()["auth_token"], json!(token));
    assert_eq!(moved.json()["_embedded"]["administrators"][0]["role"], "user");
    assert_eq!(said(&harbour.with(&token, "GET", "/admin/37002/company").await), (403, FORBIDDEN.to_owned()));
    assert_eq!(said(&switch(37_001).await), (403, FORBIDDEN.to_owned()));
    assert_eq!(said(&switch(STRANGER).await), (404, NOT_FOUND.to_owned()));
    assert_eq!(said(&switch(12).await), (404, NOT_FOUND.to_owned()));
    assert_eq!(harbour.put(&token, "PUT", "/login/admin", json!({})).await.status, 400);
    assert_eq!(harbour.with(&token, "GET", "/login").await.json()["company_id"], GYM);
}

#[tokio::test]
async fn signing_out_kills_the_token_once() {
    let harbour = Harbour::open().await;
    for path in ["/login", "/logout"] {
        let token = harbour.token("owner@harbour.example", 37_001).await;
        let answer = harbour.send(
            harbour
                .call("DELETE", path)
                .header("Auth-Token", &token)
                .header("Content-Type", "application/json"),
        );
        let answer = answer.await;
        assert_eq!(answer.status, 200);
        assert!(answer.json()["_links"]["self"]["href"].is_string());
        for (method, path) in [("DELETE", path), ("GET", "/login"), ("GET", "/admin/37001/company")] {
            assert_eq!(said(&harbour.with(&token, method, path).await), (401, UNAUTHORIZED.to_owned()));
        }
    }
}

#[tokio::test]
async fn without_a_token_nothing_of_a_person_answers() {
    let harbour = Harbour::open().await;
    for path in ["/login", "/admin/37001/company", "/admin/37001/administrators", "/37002/members/1003"] {
        let answer = harbour.send(harbour.call("GET", path)).await;
        assert_eq!(said(&answer), (401, UNAUTHORIZED.to_owned()), "{path}");
        let wrong = harbour.with("0123456789012345678901", "GET", path).await;
        assert_eq!(said(&wrong), (401, UNAUTHORIZED.to_owned()), "{path}");
    }
    let without_app = Request::get(HOST, "/api/v1/login").header("Auth-Token", "x");
    assert_eq!(said(&harbour.send(without_app).await), (401, UNAUTHORIZED.to_owned()));
}
