//! Assertions, checked by a service that asks nobody.

use crate::stage::{ADA, ISSUER, Stage};
use crate::stand_ins::nowhere;
use axum::body::Body;
use doorward_client::{Assertions, Client, Denied, Identity, Kind, Reason, Role, Unanswered};
use doorward_testkit::House;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt as _;

const MINUTE: Duration = Duration::from_secs(60);

fn checks(stage: &Stage, audience: &str) -> Assertions {
    Assertions::new(&stage.client(), audience).issued_by(ISSUER)
}

fn reason(answer: Result<Identity, Denied>) -> Reason {
    match answer.unwrap_err() {
        Denied::Refused(refused) => refused.reason,
        Denied::Unanswered(fault) => Reason::Other(fault.to_string()),
    }
}

/// Claims as Doorward makes them, some of them changed, signed with its own key.
fn signed(stage: &Stage, changes: &Value) -> String {
    let now = stage.house.clock.now().seconds();
    let mut claims = json!({
        "iss": ISSUER, "aud": "crm", "sub": stage.ada.id.to_string(), "iat": now, "exp": now + 60,
        "tenant": "harbour", "company": 37, "roles": ["user:admin"],
    });
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    stage.house.core.assertion_keys().sign(claims.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn what_doorward_signed_for_a_request_is_known_without_a_question() {
    let stage = Stage::start().await;
    let cookie = stage.sign_in().await;
    let assertion = stage.assertion(&cookie).await;
    let known = checks(&stage, "crm").check(&assertion).await.unwrap();
    let person = known.person.as_ref().unwrap();
    assert_eq!((person.id.as_str(), person.email.as_deref()), (stage.ada.id.to_string().as_str(), Some(ADA)));
    assert_eq!(
        (known.tenant.slug.as_str(), known.tenant.number),
        ("harbour", stage.pool.tenant().number.get())
    );
    let place = &known.memberships[0];
    assert_eq!((&place.kind, &place.role, place.tenant), (&Kind::User, &Role::Admin, None));
    assert!(known.has_role(&Role::Admin) && known.session.is_some());
    let asked = stage.client().verify(&crate::stage::head("/", &[("cookie", &cookie)])).await.unwrap();
    assert_eq!((known.session, known.door), (asked.session, asked.door), "both ways say the same");
    assert!(known.expires_at < asked.expires_at);
}

#[tokio::test]
async fn a_program_is_not_taken_for_a_person() {
    let stage = Stage::start().await;
    let program = signed(&stage, &json!({ "sub": "till0001", "application": "till0001", "roles": [] }));
    let known = checks(&stage, "crm").check(&program).await.unwrap();
    assert_eq!((known.person, known.application.as_deref()), (None, Some("till0001")));
    assert!(known.scopes.is_empty());
    let scoped = signed(
        &stage,
        &json!({ "sub": "till0001", "application": "till0001", "scope": "people:read stock" }),
    );
    assert_eq!(checks(&stage, "crm").check(&scoped).await.unwrap().scopes, ["people:read", "stock"]);
    let with_program = signed(&stage, &json!({ "application": "till0001" }));
    assert!(checks(&stage, "crm").check(&with_program).await.unwrap().person.is_some());
}

#[tokio::test]
async fn one_for_another_audience_or_of_another_issuer_is_worth_nothing() {
    let stage = Stage::start().await;
    let assertion = stage.assertion(&stage.sign_in().await).await;
    assert_eq!(reason(checks(&stage, "stock").check(&assertion).await), Reason::WrongHost);
    let elsewhere = checks(&stage, "crm").issued_by("https://elsewhere.example");
    assert_eq!(reason(elsewhere.check(&assertion).await), Reason::Invalid);
    assert!(checks(&stage, "crm").issued_by("https://id.example/").check(&assertion).await.is_ok());
}

#[tokio::test]
async fn it_is_over_after_a_minute_and_five_seconds() {
    let stage = Stage::start().await;
    let assertion = stage.assertion(&stage.sign_in().await).await;
    let crm = checks(&stage, "crm");
    stage.clock.advance(MINUTE + Duration::from_secs(4));
    assert!(crm.check(&assertion).await.is_ok());
    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(reason(crm.check(&assertion).await), Reason::Expired);
}

#[tokio::test]
async fn claims_that_doorward_would_not_make_are_refused_though_it_signed_them() {
    let stage = Stage::start().await;
    let now = stage.house.clock.now().seconds();
    let crm = checks(&stage, "crm");
    assert!(crm.check(&signed(&stage, &json!({ "nbf": now + 5, "of_next_year": true }))).await.is_ok());
    for changes in [
        json!({ "nbf": now + 6 }),
        json!({ "exp": now + 66 }),
        json!({ "exp": null }),
        json!({ "exp": "soon" }),
        json!({ "exp": -1 }),
        json!({ "aud": null }),
        json!({ "aud": ["crm", "stock"] }),
        json!({ "iss": null }),
        json!({ "sub": null }),
        json!({ "roles": ["owner"] }),
    ] {
        assert_eq!(reason(crm.check(&signed(&stage, &changes)).await), Reason::Invalid, "{changes}");
    }
}

#[tokio::test]
async fn what_was_changed_or_is_signed_otherwise_is_refused() {
    let stage = Stage::start().await;
    let crm = checks(&stage, "crm");
    let good = signed(&stage, &json!({}));
    let owner = signed(&stage, &json!({ "roles": ["user:owner"] }));
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts[..] else { unreachable!("three parts") };
    let forged_payload = owner.split('.').nth(1).unwrap();
    // {"alg":"none","kid":"x"}, {"alg":"HS256","kid":"x"}
    let (none, symmetric) = ("eyJhbGciOiJub25lIiwia2lkIjoieCJ9", "eyJhbGciOiJIUzI1NiIsImtpZCI6IngifQ");
    for forged in [
        format!("{header}.{forged_payload}.{signature}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}.AAAA"),
        format!("{header}.{payload}"),
        format!("{good}."),
        format!("{good}.{signature}"),
        format!("{good}="),
        format!("{none}.{payload}."),
        format!("{symmetric}.{payload}.{signature}"),
        "x".to_owned(),
        "..".to_owned(),
        "a b".to_owned(),
    ] {
        assert_eq!(reason(crm.check(&forged).await), Reason::Invalid, "{forged}");
    }
    assert_eq!(reason(crm.check("").await), Reason::None);
    assert!(crm.check(&good).await.is_ok());
}

#[tokio::test]
async fn keys_are_fetched_once_and_for_made_up_ones_only_now_and_then() {
    let stage = Stage::start().await;
    let stranger = Stage::start().await;
    let crm = checks(&stage, "crm");
    let good = signed(&stage, &json!({}));
    let (first, second) = tokio::join!(crm.check(&good), crm.check(&good));
    assert!(first.is_ok() && second.is_ok() && crm.clone().check(&good).await.is_ok());
    assert_eq!(stage.fetches(), 1);
    let unknown = signed(&stranger, &json!({}));
    for _ in 0..3 {
        assert_eq!(reason(crm.check(&unknown).await), Reason::Invalid);
        assert_eq!(stage.fetches(), 1, "it has just been looked");
    }
    stage.clock.advance(Duration::from_secs(5));
    for _ in 0..3 {
        assert_eq!(reason(crm.check(&unknown).await), Reason::Invalid);
        assert_eq!(stage.fetches(), 2);
    }
    stage.advance(Duration::from_secs(300));
    assert!(crm.check(&signed(&stage, &json!({}))).await.is_ok());
    assert_eq!(stage.fetches(), 3, "they are kept for five minutes");
}

#[tokio::test]
async fn a_rotation_is_noticed_by_the_first_assertion_of_the_new_key() {
    let (before, after) = (Stage::start().await, Stage::start().await);
    let keys = |house: &House| doorward_gate::jwks(&house.core);
    let published = Arc::new(Mutex::new(keys(&before.house)));
    let served = Arc::clone(&published);
    let doorward = doorward_testkit::Client::of(tower::service_fn(move |request: http::Request<Body>| {
        let pages = served.lock().unwrap().clone();
        async move { Ok::<_, Infallible>(pages.oneshot(request).await.unwrap()) }
    }));
    let base = format!("http://{}", doorward.address());
    let client = Client::builder(base).clock(before.clock.clone()).build().unwrap();
    let crm = Assertions::new(&client, "crm").issued_by(ISSUER);
    let (old, new) = (signed(&before, &json!({})), signed(&after, &json!({})));
    assert!(crm.check(&old).await.is_ok());
    *published.lock().unwrap() = keys(&after.house);
    before.clock.advance(Duration::from_secs(5));
    assert!(crm.check(&new).await.is_ok());
    assert_eq!(reason(crm.check(&old).await), Reason::Invalid, "its key was withdrawn");
}

#[tokio::test]
async fn without_keys_nobody_is_known_and_nobody_is_called_a_forger() {
    let stage = Stage::start().await;
    let client = Client::builder(nowhere()).clock(stage.clock.clone()).build().unwrap();
    let crm = Assertions::new(&client, "crm").issued_by(ISSUER);
    for _ in 0..2 {
        let answer = crm.check(&signed(&stage, &json!({}))).await;
        assert!(matches!(answer, Err(Denied::Unanswered(Unanswered::Away(_)))), "{answer:?}");
    }
}
