//! `POST /verify`: what a service asks and is told.

use crate::stage::{ADA, Stage};
use doorward_model::{Dialect, DoorSettings};
use doorward_testkit::Request;
use serde_json::{Value, json};

async fn asked(stage: &Stage, body: &Value) -> (u16, Value) {
    let answer = stage.send(Request::post("doorward.internal", "/verify").json(body)).await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn a_whole_request_is_answered_with_an_identity() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    let cookie = &credential.headers[0].1;
    let question = json!({
        "method": "GET", "url": "https://harbour.crm.example/api/people", "headers": { "Cookie": cookie },
    });
    let (status, told) = asked(&stage, &question).await;
    assert_eq!(status, 200);
    assert_eq!(told["active"], true);
    assert_eq!(told["person"]["email"], ADA);
    assert_eq!(told["person"]["id"], stage.ada.id.to_string());
    assert_eq!(told["tenant"]["slug"], "harbour");
    assert_eq!(told["memberships"][0]["role"], "admin");
    assert_eq!(told["memberships"][0]["reaches"], true);
    assert_eq!(told["method"], "password");
    assert!(told["expires_at"].as_str().unwrap().ends_with('Z'));
    assert!(!told.to_string().contains(cookie.rsplit('=').next().unwrap()), "the token is never told");
}

#[tokio::test]
async fn bare_credentials_and_batches_are_answered_one_by_one() {
    let stage = Stage::start().await;
    let token = stage.credential("auth_token").await;
    let pair = stage.credential("access_key").await;
    let session = stage.credential("session").await;
    let batch = json!([
        { "credential": { "kind": "auth_token", "value": token.headers[0].1, "app_id": "till0001" } },
        { "credential": { "kind": "access_key", "value": pair.headers[0].1, "secret": pair.headers[1].1 } },
        { "credential": { "kind": "session", "value": session.headers[0].1, "host": "guild.example" } },
        { "credential": { "kind": "session", "value": "nonsense" } },
        { "credential": { "kind": "cookie", "value": session.headers[0].1, "host": "harbour.crm.example" } },
    ]);
    let (status, told) = asked(&stage, &batch).await;
    assert_eq!(status, 200);
    let active: Vec<bool> = told.as_array().unwrap().iter().map(|one| one["active"] == true).collect();
    assert_eq!(active, [true, true, true, false, false]);
    assert_eq!(told[3]["reason"], "invalid");
    assert_eq!(told[1]["method"], "access_key");
}

#[tokio::test]
async fn a_bare_cookie_goes_by_the_name_that_its_door_gave_it() {
    let stage = Stage::start().await;
    let settings = DoorSettings { cookie_name: Some("crm_session".to_owned()), ..DoorSettings::default() };
    stage.house.door_with(Dialect::Salesseek, "{slug}.sales.example", None, settings).await;
    let credential = stage.credential("cookie").await;
    let token = credential.headers[0].1.rsplit('=').next().unwrap();
    let bare = |host| json!({ "credential": { "kind": "cookie", "value": token, "host": host } });
    let batch = json!([bare("harbour.sales.example"), bare("harbour.crm.example"), bare("app.example")]);
    let (_, told) = asked(&stage, &batch).await;
    for (told, person) in told.as_array().unwrap().iter().map(|one| (one, &one["person"]["email"])) {
        assert_eq!(person, ADA, "{told}");
    }
}

#[tokio::test]
async fn what_is_no_question_says_what_one_looks_like() {
    let stage = Stage::start().await;
    for body in [
        json!({}),
        json!({ "credential": { "kind": "tooth", "value": "x" } }),
        json!("x"),
        json!({ "method": "GET" }),
    ] {
        let (status, told) = asked(&stage, &body).await;
        assert_eq!(status, 400);
        assert!(told["error"].as_str().unwrap().contains("credential"), "{told}");
    }
    let many = vec![json!({ "credential": { "kind": "session", "value": "x" } }); 101];
    assert_eq!(asked(&stage, &Value::Array(many)).await.0, 400);
    let get = stage.send(Request::get("doorward.internal", "/verify")).await;
    assert_eq!(get.status.as_u16(), 405);
}

/// A proxy in front of Doorward's own host may ask for itself, and speaks for nobody.
#[tokio::test]
async fn what_a_proxy_passes_on_needs_a_token() {
    let stage = Stage::start().await;
    let question = json!({ "credential": { "kind": "session", "value": "x" } });
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("via", "1.1 proxy"),
        ("x-real-ip", "203.0.113.7"),
        ("x-forwarded-host", "id.example"),
        ("x-forwarded-proto", "https"),
    ] {
        let request = Request::post("doorward.internal", "/verify").json(&question).header(name, value);
        assert_eq!(stage.send(request).await.status.as_u16(), 401, "{name}");
    }
    assert_eq!(asked(&stage, &question).await.0, 200);
}

#[tokio::test]
async fn a_misspelt_question_about_a_credential_is_none() {
    let stage = Stage::start().await;
    let credential = json!({ "kind": "session", "value": "x" });
    for slip in ["audiance", "host", "url"] {
        let (status, _) = asked(&stage, &json!({ "credential": credential, slip: "x" })).await;
        assert_eq!(status, 400, "{slip}");
    }
}
