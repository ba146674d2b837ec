//! The application check: before anything else, and one refusal for everything that is wrong with it.

use crate::harbour::{HARBOUR, HOST, Harbour, NOT_FOUND, UNAUTHORIZED, application, said};
use doorward_core::applications::{self, NewKey};
use doorward_testkit::{PASSWORD, Request};
use serde_json::json;
use std::time::Duration;

fn login(headers: &[(&str, &str)]) -> Request {
    let body = json!({ "email": "owner@harbour.example", "password": PASSWORD });
    let request = Request::post(HOST, "/api/v1/login").json(&body);
    headers.iter().fold(request, |request, (name, value)| request.header(name, value))
}

#[tokio::test]
async fn whatever_is_wrong_with_the_application_is_one_answer() {
    let harbour = Harbour::open().await;
    let key = harbour.app.key.as_ref().unwrap().expose();
    let none: &[(&str, &str)] = &[];
    for headers in [
        none,
        &[("App-Key", key)],
        &[("App-Id", "f6b16c23")],
        &[("App-Id", "f6b16c23"), ("App-Key", "wrong")],
        &[("App-Id", "f6b16c23"), ("App-Key", "")],
        &[("App-Id", key), ("App-Key", "f6b16c23")],
        &[("App-Id", "unknown1"), ("App-Key", key)],
        &[("App-Id", "no id at all"), ("App-Key", key)],
    ] {
        let answer = harbour.send(login(headers)).await;
        assert_eq!(said(&answer), (401, UNAUTHORIZED.to_owned()), "{headers:?}");
    }
}

#[tokio::test]
async fn it_is_checked_after_the_path_and_before_the_body() {
    let harbour = Harbour::open().await;
    let broken = |path: &str| Request::post(HOST, path).body("application/json", "{");
    assert_eq!(harbour.send(broken("/api/v1/nowhere")).await.status, 404);
    assert_eq!(harbour.send(Request::new("PATCH", HOST, "/api/v1/login")).await.status, 405);
    assert_eq!(harbour.send(broken("/api/v1/login")).await.status, 401);
    assert_eq!(harbour.send(broken("/api/v1/login/99999")).await.status, 401);
}

#[tokio::test]
async fn an_application_without_a_key_is_admitted_by_its_id() {
    let harbour = Harbour::open().await;
    application(&harbour.house, &harbour.harbour, "keyless1", NewKey::None).await;
    assert_eq!(harbour.send(login(&[("App-Id", "keyless1")])).await.status, 201);
    assert_eq!(harbour.send(login(&[("APP-ID", "keyless1"), ("app-key", "ignored")])).await.status, 201);
}

#[tokio::test]
async fn a_disabled_application_is_refused_until_it_is_enabled() {
    let harbour = Harbour::open().await;
    let (house, made) = (&harbour.house, &harbour.app.application);
    let set = |disabled| {
        applications::set_disabled(&house.core, &house.caller, &house.operator, made.pool, made.id, disabled)
    };
    set(true).await.unwrap();
    assert_eq!(harbour.log_in("/login", "owner@harbour.example", None).await.text(), UNAUTHORIZED);
    set(false).await.unwrap();
    assert_eq!(harbour.log_in("/login", "owner@harbour.example", None).await.status, 201);
}

#[tokio::test]
async fn a_rotated_key_overlaps_with_the_one_before_for_as_long_as_was_said() {
    let harbour = Harbour::open().await;
    let (house, made) = (&harbour.house, &harbour.app.application);
    let old = harbour.app.key.as_ref().unwrap().expose();
    let hour = Duration::from_secs(3_600);
    let rotate =
        applications::rotate_key(&house.core, &house.caller, &house.operator, made.pool, made.id, hour);
    let new = rotate.await.unwrap();
    let try_key = |key: String| {
        let request = login(&[("App-Id", "f6b16c23"), ("App-Key", &key)]);
        harbour.send(request)
    };
    assert_eq!(try_key(old.to_owned()).await.status, 201);
    assert_eq!(try_key(new.expose().to_owned()).await.status, 201);
    house.clock.advance(hour);
    assert_eq!(try_key(old.to_owned()).await.status, 401);
    assert_eq!(try_key(new.expose().to_owned()).await.status, 201);
}

#[tokio::test]
async fn an_application_acts_only_at_and_below_its_own_company() {
    let harbour = Harbour::open().await;
    application(&harbour.house, &harbour.spa, "spa-only", NewKey::None).await;
    let ask = |path: &str| harbour.send(Request::get(HOST, path).header("App-Id", "spa-only"));
    assert_eq!(ask("/api/v1/company/37002").await.status, 200);
    for path in ["/api/v1/company/37001", "/api/v1/company/37003", "/api/v1/company/38001"] {
        assert_eq!(ask(path).await.status, 404, "{path}");
    }
    let sign_in = |path: &str, email: &str| {
        let body = json!({ "email": email, "password": PASSWORD });
        harbour.send(Request::post(HOST, path).header("App-Id", "spa-only").json(&body))
    };
    for path in ["/api/v1/login/37001", "/api/v1/login/admin/37003", "/api/v1/login/member/37001"] {
        assert_eq!(
            said(&sign_in(path, "owner@harbour.example").await),
            (404, NOT_FOUND.to_owned()),
            "{path}"
        );
    }
    let here = sign_in("/api/v1/login", "shared@harbour.example").await;
    assert_eq!(
        (here.status.as_u16(), &here.json()["company_id"]),
        (201, &json!(37_002)),
        "one of two is in reach"
    );
    let token = harbour.token("owner@harbour.example", HARBOUR).await;
    let foreign =
        Request::get(HOST, "/api/v1/login").header("App-Id", "spa-only").header("Auth-Token", &token);
    assert_eq!(harbour.send(foreign).await.status, 401);
}
