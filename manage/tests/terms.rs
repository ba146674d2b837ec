//! Terms: published, and who consented to them.

use crate::desk::{Desk, refusal};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::{Branch, Speaker, consent};
use doorward_model::{Kind, Person, Role};
use serde_json::{Value, json};
use std::time::Duration;

const WRITE: &[&str] = &["manage:terms:write"];

/// As a server that the tenant trusts hands it over.
async fn give(desk: &Desk, at: &Branch, person: &Person) {
    let (core, caller, operator) = (&desk.house.core, &desk.house.caller, &desk.house.operator);
    let new = NewApplication {
        name: "site".to_owned(),
        app_id: None,
        key: NewKey::None,
        trusted_server: true,
        origins: Vec::new(),
    };
    let made = applications::create(core, caller, operator, at, new).await.unwrap();
    desk.house.clock.advance(Duration::from_secs(1));
    let speaker = Speaker::Server(Box::new(made.application));
    consent::give(core, caller, &speaker, at, person.id).await.unwrap();
}

#[tokio::test]
async fn a_version_is_published_once_and_found_where_the_answer_says() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, WRITE).await;
    let path = format!("/tenants/{}/terms", top.tenant().id);
    let new = json!({ "version": "2026-11", "url": "https://northwind.example/terms" });
    let made = desk.post(&token, &path, &[], &new).await;
    assert_eq!((made.status.as_u16(), &made.json()["is_current"]), (201, &json!(true)));
    let at = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap();
    assert_eq!(desk.get(&token, at).await.json(), made.json());
    let again = desk.post(&token, &path, &[], &new).await;
    assert_eq!((refusal(&again).0, again.json()["field"].clone()), (409, json!("version")));
    let later = json!({ "version": "2027", "effective_at": "2027-01-01T00:00:00Z" });
    assert_eq!(desk.post(&token, &path, &[], &later).await.json()["is_current"], false);
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&token, &format!("{path}?limit=1{next}")).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|it| it["version"].clone()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    seen.sort_by_key(Value::to_string);
    assert_eq!(seen, ["2026-11", "2027"]);
    for (body, field) in [
        (json!({}), "version"),
        (json!({ "version": " " }), "version"),
        (json!({ "version": "a\nb" }), "version"),
        (json!({ "version": "x".repeat(101) }), "version"),
        (json!({ "version": "3", "url": "javascript:alert(1)" }), "url"),
        (json!({ "version": "3", "url": "northwind.example" }), "url"),
        (json!({ "version": "3", "effective_at": "soon" }), "effective_at"),
        (json!({ "version": "3", "tenant": "x" }), "tenant"),
    ] {
        let answer = desk.post(&token, &path, &[], &body).await;
        assert_eq!((refusal(&answer).0, answer.json()["field"].clone()), (422, json!(field)), "{body}");
    }
}

#[tokio::test]
async fn consents_are_listed_by_version_and_by_person_and_kept_as_evidence() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, WRITE).await;
    let path = format!("/tenants/{}/terms", top.tenant().id);
    let made = desk.post(&token, &path, &[], &json!({ "version": "1" })).await.json();
    let of = format!("{path}/{}/consents", made["id"].as_str().unwrap());
    for email in ["=ada@northwind.example", "eve@northwind.example"] {
        let person = desk.house.person(&top, email, Kind::User, Role::User).await;
        give(&desk, &top, &person).await;
    }
    let page = desk.get(&token, &format!("{of}?limit=1")).await.json();
    let one = &page["items"][0];
    assert_eq!((&one["email"], &one["version"]), (&json!("=ada@northwind.example"), &json!("1")));
    assert_eq!(one["address"], "127.0.0.1");
    assert!(one["actor"].as_str().unwrap().starts_with("application ") && one["application"].is_string());
    let cursor = page["next"].as_str().unwrap();
    let rest = desk.get(&token, &format!("{of}?limit=1&cursor={cursor}")).await.json();
    assert_eq!((&rest["items"][0]["email"], &rest["next"]), (&json!("eve@northwind.example"), &json!(null)));

    let person = format!("/tenants/{}/people/{}/consents", top.tenant().id, one["person"].as_str().unwrap());
    assert_eq!(desk.get(&token, &person).await.json()["items"], json!([one]));

    let csv = desk.get(&token, &format!("{of}/export")).await;
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"consents.csv\""));
    assert_eq!(csv.text().lines().count(), 3);
    assert!(csv.text().contains("\"'=ada@northwind.example\""), "{}", csv.text());
    let rows = desk.get(&token, &format!("{of}/export?format=json")).await.json();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["id"]), (2, &one["id"]));
}
