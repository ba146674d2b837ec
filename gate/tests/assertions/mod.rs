//! The signed assertion, checked as a service would: with a JWT library that is not ours, and the published keys.

mod service;

use crate::stage::{ADA, Credential, KINDS, Stage, client_with, forwarded, new_token, reason};
use doorward_core::application_tokens::NewToken;
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::{Clock, access_keys, memberships};
use doorward_model::{AppId, Kind, Role};
use doorward_testkit::{House, Request};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};
use service::caller;
use std::time::Duration;

const ISSUER: &str = "https://id.example";
const OLD: &str =
    r#"{"id": "00000001", "created": 1, "secret": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYzE="}"#;

/// A key that was made some time ago.
fn newer(ago: Duration) -> String {
    let created = Clock::system().now().minus(ago).micros();
    format!(
        r#"{{"id": "00000002", "created": {created}, "secret": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYzI="}}"#
    )
}

/// A house whose clock stands where the service's does, less `ago`, so that the service's own check of times counts.
async fn house(ago: Duration, keys: &[&str]) -> House {
    let clock = Clock::manual(Clock::system().now().minus(ago));
    House::with_keys(clock, &format!(r#"{{"version": 1, "keys": [{}]}}"#, keys.join(","))).await
}

async fn stage() -> Stage {
    stage_with(&["doors"]).await
}

async fn stage_with(routes: &[&str]) -> Stage {
    Stage::in_house(house(Duration::ZERO, &[OLD]).await, routes).await
}

/// What a proxy hands to the upstream.
async fn assertion(stage: &Stage, credential: &Credential) -> String {
    let answer = stage.ask(credential).await;
    assert_eq!(reason(&answer), (200, "-"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.header("x-doorward-assertion").unwrap().to_owned()
}

/// The keys as they are published.
async fn keys(house: &House) -> JwkSet {
    let pages = house.pages("id.example", doorward_gate::jwks(&house.core));
    let answer = pages.send(Request::get("id.example", "/.well-known/jwks.json")).await;
    serde_json::from_slice(&answer.body).unwrap()
}

/// The claims, after a service has checked them.
async fn claims(stage: &Stage, assertion: &str, audience: &str) -> Value {
    caller(assertion, &keys(&stage.house).await, ISSUER, audience).unwrap()
}

#[tokio::test]
async fn a_service_learns_who_is_calling() {
    let stage = stage().await;
    let credential = stage.credential("auth_token").await;
    let told = claims(&stage, &assertion(&stage, &credential).await, "doors").await;
    let now = stage.house.clock.now().seconds();
    assert_eq!(
        told,
        json!({
            "iss": ISSUER,
            "aud": "doors",
            "sub": stage.ada.id.to_string(),
            "iat": now,
            "exp": now + 60,
            "tenant": "harbour",
            "company": stage.pool.tenant().number.get(),
            "roles": ["administrator:admin"],
            "session": credential.identity.unwrap().session().unwrap().id.to_string(),
            "email": ADA,
            "application": "till0001",
        })
    );
}

#[tokio::test]
async fn what_a_caller_has_not_is_not_claimed() {
    let stage = stage().await;
    for kind in KINDS {
        let credential = stage.credential(kind).await;
        let told = claims(&stage, &assertion(&stage, &credential).await, "doors").await;
        assert_eq!(told["sub"], stage.ada.id.to_string(), "{kind}");
        assert_eq!(told.get("session").is_some(), kind != "access_key", "{kind}");
        assert_eq!(told.get("application").is_some(), kind == "auth_token", "{kind}");
    }
}

#[tokio::test]
async fn the_keys_are_published_as_rfc_8037_says_and_may_be_kept_a_while() {
    let house = house(Duration::ZERO, &[OLD]).await;
    let pages = house.pages("id.example", doorward_gate::jwks(&house.core));
    let answer = pages.send(Request::get("id.example", "/.well-known/jwks.json")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(answer.header("content-type"), Some("application/jwk-set+json"));
    let told = answer.json();
    let key = &told["keys"][0];
    for (name, value) in [("kty", "OKP"), ("crv", "Ed25519"), ("alg", "EdDSA"), ("use", "sig")] {
        assert_eq!(key[name], value);
    }
    let parsed: JwkSet = serde_json::from_slice(&answer.body).unwrap();
    let thumbprint = parsed.keys[0].thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap();
    assert_eq!(key["kid"], thumbprint, "RFC 7638");
    assert_eq!(key.as_object().unwrap().len(), 6, "and nothing of the secret half");
}

#[tokio::test]
async fn an_assertion_for_one_route_is_nothing_at_another() {
    let stage = stage_with(&["harbour.crm.example/a name=a", "harbour.crm.example/b name=b"]).await;
    let credential = stage.credential("cookie").await;
    let keys = keys(&stage.house).await;
    for (audience, other) in [("a", "b"), ("b", "a"), ("a", "b")] {
        let answer = stage.ask_at(&credential, credential.host, &format!("/{audience}")).await;
        let text = answer.header("x-doorward-assertion").unwrap();
        assert_eq!(caller(text, &keys, ISSUER, audience).unwrap()["aud"], audience);
        let refused = caller(text, &keys, ISSUER, other).unwrap_err();
        assert_eq!(refused.into_kind(), ErrorKind::InvalidAudience);
        let refused = caller(text, &keys, "https://elsewhere.example", audience).unwrap_err();
        assert_eq!(refused.into_kind(), ErrorKind::InvalidIssuer);
    }
}

#[tokio::test]
async fn what_was_changed_is_refused() {
    let stage = stage().await;
    let text = assertion(&stage, &stage.credential("cookie").await).await;
    let keys = keys(&stage.house).await;
    let other = assertion(&stage, &stage.credential("session").await).await;
    let (head, signature) = text.rsplit_once('.').unwrap();
    let (others_head, _) = other.rsplit_once('.').unwrap();
    for forged in [format!("{others_head}.{signature}"), format!("{head}."), format!("{head}.AAAA")] {
        assert!(caller(&forged, &keys, ISSUER, "doors").is_err(), "{forged}");
    }
}

#[tokio::test]
async fn it_is_over_after_a_minute() {
    let stage = Stage::in_house(house(Duration::from_secs(66), &[OLD]).await, &["doors"]).await;
    let text = assertion(&stage, &stage.credential("cookie").await).await;
    let refused = caller(&text, &keys(&stage.house).await, ISSUER, "doors").unwrap_err();
    assert_eq!(refused.into_kind(), ErrorKind::ExpiredSignature);
}

#[tokio::test]
async fn it_never_outlives_what_it_was_made_for() {
    let stage = stage().await;
    let House { core, caller, operator, clock, .. } = &stage.house;
    let credential = stage.credential("access_key").await;
    let overlap = Duration::from_secs(20);
    let (pool, key) = (stage.pool.pool(), credential.key.unwrap());
    access_keys::rotate(core, caller, operator, pool, key, overlap).await.unwrap();
    let end = clock.now().plus(overlap).seconds();
    let first = assertion(&stage, &credential).await;
    assert_eq!(claims(&stage, &first, "doors").await["exp"], end, "of the secret before the rotation");
    clock.advance(Duration::from_secs(11));
    let second = assertion(&stage, &credential).await;
    assert_ne!(second, first, "half of its short life is over");
    assert_eq!(claims(&stage, &second, "doors").await["exp"], end);
}

#[tokio::test]
async fn one_is_signed_for_all_answers_of_half_a_minute() {
    let stage = stage().await;
    let credential = stage.credential("cookie").await;
    let signed = || stage.house.core.assertion_keys().signed();
    let first = assertion(&stage, &credential).await;
    for _ in 0..2 {
        stage.house.clock.advance(Duration::from_millis(14_500));
        assert_eq!(assertion(&stage, &credential).await, first);
    }
    assert_eq!(signed(), 1);
    stage.house.clock.advance(Duration::from_secs(1));
    let second = assertion(&stage, &credential).await;
    let (before, after) = (claims(&stage, &first, "doors").await, claims(&stage, &second, "doors").await);
    assert_eq!(after["iat"].as_i64().unwrap() - before["iat"].as_i64().unwrap(), 30);
    assert_eq!(after["exp"].as_i64().unwrap() - after["iat"].as_i64().unwrap(), 60);
    assert_eq!(signed(), 2);
}

#[tokio::test]
async fn a_changed_role_is_claimed_by_the_very_next_assertion() {
    for kind in KINDS {
        let stage = stage().await;
        let credential = stage.credential(kind).await;
        let before = assertion(&stage, &credential).await;
        let House { core, caller, operator, .. } = &stage.house;
        let changes = memberships::Changes { role: Some(Role::User), ..memberships::Changes::default() };
        let place = (stage.ada.id, Kind::Administrator);
        memberships::change(core, caller, operator, &stage.pool, place, changes).await.unwrap();
        let after = assertion(&stage, &credential).await;
        assert_eq!(claims(&stage, &before, "doors").await["roles"], json!(["administrator:admin"]), "{kind}");
        assert_eq!(claims(&stage, &after, "doors").await["roles"], json!(["administrator:user"]), "{kind}");
    }
}

#[tokio::test]
async fn each_program_is_claimed_for_itself_though_they_carry_one_token() {
    let stage = stage().await;
    let House { core, caller, operator, .. } = &stage.house;
    let new = NewApplication {
        name: "Desk".to_owned(),
        app_id: Some(AppId::parse("desk0002").unwrap()),
        key: NewKey::None,
        trusted_server: false,
        origins: Vec::new(),
    };
    applications::create(core, caller, operator, &stage.pool, new).await.unwrap();
    let till = stage.credential("auth_token").await;
    let mut desk = till.clone();
    desk.headers = vec![till.headers[0].clone(), ("app-id", "desk0002".to_owned())];
    for (credential, app_id) in [(&till, "till0001"), (&desk, "desk0002"), (&till, "till0001")] {
        let text = assertion(&stage, credential).await;
        assert_eq!(claims(&stage, &text, "doors").await["application"], app_id);
    }
}

#[tokio::test]
async fn rotating_the_key_file_breaks_no_assertion_that_is_under_way() {
    let before = stage().await;
    let old = assertion(&before, &before.credential("cookie").await).await;
    let new_key = newer(Duration::from_secs(60));
    let after = Stage::in_house(house(Duration::ZERO, &[&new_key, OLD]).await, &["doors"]).await;
    let new = assertion(&after, &after.credential("cookie").await).await;
    let (published_before, published) = (keys(&before.house).await, keys(&after.house).await);
    for text in [&old, &new] {
        assert_eq!(caller(text, &published, ISSUER, "doors").unwrap()["email"], ADA);
    }
    assert!(
        caller(&new, &published_before, ISSUER, "doors").is_err(),
        "a service gets the keys again for it"
    );
    let withdrawn = keys(&house(Duration::ZERO, &[&new_key]).await).await;
    assert!(caller(&old, &withdrawn, ISSUER, "doors").is_err(), "a key that left the file is worth nothing");
    assert!(caller(&new, &withdrawn, ISSUER, "doors").is_ok());
}

#[tokio::test]
async fn a_key_that_was_replaced_long_ago_is_published_no_more() {
    let before = stage().await;
    let text = assertion(&before, &before.credential("cookie").await).await;
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    for (ago, is_good) in [(week - Duration::from_secs(60), true), (week, false)] {
        let published = keys(&house(Duration::ZERO, &[&newer(ago), OLD]).await).await;
        assert_eq!(caller(&text, &published, ISSUER, "doors").is_ok(), is_good, "{ago:?}");
    }
}

#[tokio::test]
async fn nobody_has_no_assertion_and_brings_none() {
    let stage = stage_with(&["doors", "open.example public"]).await;
    let credential = stage.credential("cookie").await;
    let text = assertion(&stage, &credential).await;
    let House { core, caller, .. } = &stage.house;
    let identity = credential.identity.clone().unwrap();
    doorward_core::sign_out::sign_out(core, caller, &identity).await.unwrap();
    let ended = stage.ask(&credential).await;
    assert_eq!(reason(&ended), (401, "invalid"));
    assert_eq!(ended.header("x-doorward-assertion"), Some(""));
    let public = forwarded("GET", "open.example", "/x").header("x-doorward-assertion", &text);
    let public = stage.send(public).await;
    assert_eq!(reason(&public), (200, "-"));
    assert_eq!(public.header("x-doorward-assertion"), Some(""));
}

#[tokio::test]
async fn a_tokens_scopes_are_claimed() {
    let stage = stage().await;
    let scopes = vec!["people:write".to_owned(), "people:read".to_owned()];
    let token = stage.token(NewToken { scopes, ..new_token() }).await;
    let told = claims(&stage, &assertion(&stage, &token).await, "doors").await;
    assert_eq!((&told["scope"], &told["sub"]), (&json!("people:read people:write"), &json!("till0001")));
    let bare = stage.credential("token").await;
    let told = claims(&stage, &assertion(&stage, &bare).await, "doors").await;
    assert_eq!(told.get("scope"), None);
}

#[tokio::test]
async fn an_operator_may_do_without() {
    let stage = stage().await;
    let credential = stage.credential("cookie").await;
    let without =
        client_with(&stage.house, &["doors"], "127.0.0.0/8", |settings| settings.assertions = false);
    let (name, value) = &credential.headers[0];
    let answer = without.send(forwarded("GET", credential.host, "/x").header(name, value)).await;
    assert_eq!(reason(&answer), (200, "-"));
    assert_eq!(answer.header("remote-user"), Some(ADA));
    assert_eq!(answer.header("x-doorward-assertion"), Some(""));
    assert_eq!(stage.house.core.assertion_keys().signed(), 0);
}

async fn asked(stage: &Stage, body: &Value) -> Value {
    stage.send(Request::post("doorward.internal", "/verify").json(body)).await.json()
}

#[tokio::test]
async fn services_get_one_for_the_audience_they_name() {
    let stage = stage().await;
    let credential = stage.credential("cookie").await;
    let cookie = &credential.headers[0].1;
    let url = "https://harbour.crm.example/x";
    let request = json!({ "method": "GET", "url": url, "headers": { "Cookie": cookie } });
    assert_eq!(asked(&stage, &request).await.get("assertion"), None, "only when it is asked for");
    let mut named = request.clone();
    named["audience"] = json!("billing");
    let session = stage.credential("session").await;
    let bare = json!({
        "credential": { "kind": "session", "value": session.headers[0].1 }, "audience": "stock",
    });
    let told = asked(&stage, &json!([named, bare, request])).await;
    for (place, audience) in [(0, "billing"), (1, "stock")] {
        let text = told[place]["assertion"].as_str().unwrap();
        assert_eq!(claims(&stage, text, audience).await["email"], ADA);
    }
    assert_eq!(told[2].get("assertion"), None);
}

#[tokio::test]
async fn a_routes_name_is_no_way_around_what_the_route_needs() {
    let stage = stage_with(&["harbour.crm.example/owners role=owner name=owners", "doors"]).await;
    let credential = stage.credential("session").await;
    let question = |audience: &str| {
        json!({
            "credential": { "kind": "session", "value": credential.headers[0].1 }, "audience": audience,
        })
    };
    let told = asked(&stage, &question("owners")).await;
    assert_eq!(told, json!({ "active": false, "reason": "role" }));
    assert!(asked(&stage, &question("doors")).await["assertion"].is_string());
    for audience in ["", &"x".repeat(256)] {
        let told = asked(&stage, &question(audience)).await;
        assert_eq!(told, json!({ "active": false, "reason": "metadata" }));
    }
}

#[test]
fn the_page_for_operators_shows_the_check_of_these_tests() {
    let page = include_str!("../../../docs/operators/assertions.md");
    let (_about, code) = include_str!("service.rs").split_once("\n\n").unwrap();
    assert!(page.contains(&code.replace("pub(crate) fn", "fn")), "the page shows another check");
}
