//! The layer in front of a service: what gets through, and what a caller outside is told.

use crate::stage::{ADA, HARBOUR, ISSUER, Stage};
use crate::stand_ins::{answering, client_of};
use axum::body::Body;
use axum::routing::get;
use axum::{Extension, Router};
use doorward_client::{Assertions, Identity, VerifyLayer};
use doorward_core::people;
use doorward_testkit::{Client, House, Request};
use doorward_web::{HeaderMap, Response};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

/// Who is calling, and the names of all headers that came through.
async fn echo(Extension(caller): Extension<Identity>, headers: HeaderMap) -> String {
    let email = caller.person.and_then(|person| person.email).unwrap_or_default();
    let names: Vec<&str> = headers.keys().map(|name| name.as_str()).collect();
    format!("{email} {}", names.join(" "))
}

fn behind(layer: VerifyLayer) -> Client {
    Client::of(Router::new().route("/", get(echo)).layer(layer))
}

fn call(headers: &[(&str, &str)]) -> Request {
    headers.iter().fold(Request::get(HARBOUR, "/"), |request, (name, value)| request.header(name, value))
}

const CLAIMED: [(&str, &str); 5] = [
    ("X-Doorward-Person", "root"),
    ("x_doorward_roles", "administrator:owner"),
    ("Remote.User", "root"),
    ("x-forwarded-email", "root@harbour.example"),
    ("x-user", "root"),
];

#[tokio::test]
async fn what_a_client_says_about_itself_reaches_nobody() {
    let stage = Stage::start().await;
    let cookie = stage.sign_in().await;
    let service = behind(VerifyLayer::asking(stage.client()).also_strip(["X-User"]));
    let answer = service.send(call(&CLAIMED).header("cookie", &cookie).header("x-harmless", "1")).await;
    let text = answer.text();
    assert!(text.starts_with(ADA) && text.contains("x-harmless") && text.contains("cookie"), "{text}");
    for (name, _) in CLAIMED {
        assert!(!text.contains(&name.to_lowercase()), "{name} in {text}");
    }
    assert_eq!(service.send(call(&CLAIMED)).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_proxys_assertion_is_believed_as_far_as_it_is_signed() {
    let stage = Stage::start().await;
    let assertion = stage.assertion(&stage.sign_in().await).await;
    let crm = Assertions::new(&stage.client(), "crm").issued_by(ISSUER);
    let service = behind(VerifyLayer::trusting(crm));
    let before = stage.questions();
    let known = service.send(call(&CLAIMED[..4]).header("x-doorward-assertion", &assertion)).await;
    assert!(known.text().starts_with(ADA) && !known.text().contains("doorward"), "{}", known.text());
    let twice = call(&[("x-doorward-assertion", &assertion), ("x-doorward-assertion", &assertion)]);
    for refused in [
        call(&CLAIMED),
        call(&[("x_doorward_assertion", &assertion)]),
        call(&[("x-doorward-assertion", "")]),
        call(&[("x-doorward-assertion", &assertion[1..])]),
        twice,
    ] {
        let answer = service.send(refused).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (401, ""));
    }
    assert_eq!(stage.questions(), before, "nobody is asked");
}

#[tokio::test]
async fn a_caller_outside_sees_a_status_and_no_reason() {
    let stage = Stage::start().await;
    let service = behind(VerifyLayer::asking(stage.client()));
    let nobody = service.send(call(&[])).await;
    assert_eq!(nobody.status.as_u16(), 401);
    assert_eq!(nobody.header("www-authenticate"), Some("Bearer realm=\"doorward\""));
    assert_eq!(nobody.header("cache-control"), Some("no-store"));
    let cookie = stage.sign_in().await;
    let House { core, caller, operator, .. } = &stage.house;
    let edit = people::Edit { password_reset_required: Some(true), ..people::Edit::default() };
    people::edit(core, caller, operator, &stage.pool, stage.ada.id, edit).await.unwrap();
    let forbidden = service.send(call(&[("cookie", &cookie)])).await;
    assert_eq!(forbidden.status.as_u16(), 403);
    assert_eq!(forbidden.header("www-authenticate"), None);
    for answer in [nobody, forbidden] {
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("retry-after"), None);
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("x-doorward")));
    }
}

#[tokio::test]
async fn who_may_come_again_later_is_told_when() {
    for (body, status, wait) in [
        (r#"{"active": false, "reason": "rate", "retry_after": 3}"#, 429, "3"),
        (r#"{"active": false, "reason": "unavailable", "retry_after": 7}"#, 503, "7"),
        ("<html>", 503, "2"),
    ] {
        let doorward = answering(200, &[], body);
        let service = behind(VerifyLayer::asking(client_of(&doorward)));
        let answer = service.send(call(&[("doorward-session", "x")])).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (status, Some(wait)), "{body}");
        assert!(answer.body.is_empty());
    }
}

#[tokio::test]
async fn doorward_is_told_where_a_request_comes_from_where_the_service_knows() {
    let heard = Arc::new(Mutex::new(Value::Null));
    let ear = Arc::clone(&heard);
    let doorward = Client::of(tower::service_fn(move |request: http::Request<Body>| {
        let ear = Arc::clone(&ear);
        async move {
            let body = request.into_body().collect().await.unwrap().to_bytes();
            *ear.lock().unwrap() = serde_json::from_slice(&body).unwrap();
            Ok::<_, Infallible>(Response::new(Body::empty()))
        }
    }));
    let layer = VerifyLayer::asking(client_of(&doorward))
        .address(|head| head.headers.get("x-real-ip")?.to_str().ok()?.parse().ok());
    let service = behind(layer);
    service.send(call(&[("doorward-session", "x"), ("x-real-ip", "203.0.113.7")])).await;
    assert_eq!(heard.lock().unwrap()["address"], "203.0.113.7");
    service.send(call(&[("doorward-session", "x")])).await;
    assert_eq!(heard.lock().unwrap().get("address"), None);
}
