//! `UserActions` with `UserConsent`: who may consent for whom, and to what.

use crate::guild::{Guild, HOST, KEY, TRUSTED, UNVERIFIED, VERIFIED, application, row, said, said_classic};
use doorward_core::Branch;
use doorward_core::consent::{self, NewTerms};
use doorward_testkit::{Answer, Request};
use serde_json::json;
use std::time::Duration;

async fn publish(guild: &Guild, branch: &Branch, version: &str, after: Duration) {
    let terms =
        NewTerms { version: version.to_owned(), url: None, effective_at: guild.house.core.now().plus(after) };
    let house = &guild.house;
    consent::publish(&house.core, &house.caller, &house.operator, branch, terms).await.unwrap();
}

async fn consent_with(guild: &Guild, session: Option<&str>, uid: &str) -> Answer {
    let fields = json!({ "uid": uid, "calltype": "UserConsent", "updatevalues": "[]", "apikey": KEY });
    let request = Request::post(HOST, "/api/UserActions").json(&fields);
    let request = match session {
        Some(session) => request.header("Doorward-Session", session),
        None => request,
    };
    guild.client.send(request).await
}

async fn received(guild: &Guild) -> bool {
    row(&guild.login(VERIFIED).await)["ConsentReceived"].as_bool().unwrap()
}

#[tokio::test]
async fn a_contact_consents_to_each_version_for_themselves() {
    let guild = Guild::open().await;
    let uid = guild.verified.id.to_string();
    let session = guild.session(VERIFIED).await;
    assert_eq!(said(&consent_with(&guild, Some(&session), &uid).await).0, 400, "there are no terms yet");
    publish(&guild, &guild.branch, "2026-01", Duration::ZERO).await;
    publish(&guild, &guild.branch, "2026-02", Duration::from_secs(3600)).await;
    assert!(!received(&guild).await);
    for _ in 0..2 {
        assert_eq!(said(&consent_with(&guild, Some(&session), &uid).await), (200, json!(true)));
    }
    assert!(received(&guild).await);
    guild.house.clock.advance(Duration::from_secs(3600));
    assert!(!received(&guild).await, "the new version asks again");
}

#[tokio::test]
async fn nobody_consents_for_somebody_else_but_a_trusted_server() {
    let guild = Guild::open().await;
    publish(&guild, &guild.branch, "1", Duration::ZERO).await;
    let (own, other) = (guild.verified.id.to_string(), guild.unverified.id.to_string());
    let session = guild.session(VERIFIED).await;
    assert_eq!(said(&consent_with(&guild, None, &own).await).0, 401);
    assert_eq!(said(&consent_with(&guild, Some("stolen"), &own).await).0, 401);
    assert_eq!(said(&consent_with(&guild, Some(&session), &other).await).0, 403);
    assert_eq!(said(&consent_with(&guild, Some(&session), "me").await).0, 404);

    let by_server = guild.classic(TRUSTED, "UserActions", &[&other, "UserConsent", "[]"]).await;
    assert_eq!(said_classic(&by_server), ("200".to_owned(), json!(true)));
    assert_eq!(row(&guild.login(UNVERIFIED).await)["ConsentReceived"], json!(true));
    assert!(!received(&guild).await);
    let nobody = guild
        .classic(TRUSTED, "UserActions", &[&guild.branch.tenant().id.to_string(), "UserConsent", ""])
        .await;
    assert_eq!(said_classic(&nobody).0, "404");
}

#[tokio::test]
async fn a_tenant_without_terms_has_those_of_the_nearest_above() {
    let guild = Guild::open().await;
    publish(&guild, &guild.branch, "1", Duration::ZERO).await;
    let chapter = guild.house.child("chapter", &guild.branch).await;
    application(&guild.house, &chapter, "the-key-of-a-chapter", true).await;
    let person = guild.verified.id;
    let core = &guild.house.core;
    let fields = json!({
        "uid": person.to_string(), "calltype": "userconsent", "apikey": "the-key-of-a-chapter"
    });
    let answer = guild.client.send(Request::post(crate::guild::SHARED, "/UserActions").json(&fields)).await;
    assert_eq!(said(&answer), (200, json!(true)));
    assert!(consent::is_given(core, &guild.branch, person).await.unwrap());
    publish(&guild, &chapter, "1", Duration::ZERO).await;
    assert!(!consent::is_given(core, &chapter, person).await.unwrap(), "now it has its own");
    assert_eq!(consent::current(core, &chapter).await.unwrap().unwrap().tenant, chapter.tenant().id);
}
