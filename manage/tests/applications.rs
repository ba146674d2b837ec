//! Applications, their keys and their tokens.

use crate::desk::{Desk, refusal};
use doorward_core::applications;
use doorward_core::manage::Scope;
use doorward_model::Secret;
use serde_json::{Value, json};
use std::time::Duration;

const WRITE: &[&str] = &["manage:applications:write"];

struct Program {
    desk: Desk,
    token: String,
    /// Of the tenant's applications.
    all: String,
    /// Of this one.
    path: String,
    app_id: String,
    key: String,
}

/// A program with a key, and a token that may change it.
async fn program() -> Program {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, WRITE).await;
    let all = format!("/tenants/{}/applications", top.tenant().id);
    let new = json!({ "name": "Partner", "origins": ["https://app.example"] });
    let made = desk.post(&token, &all, &[], &new).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let path = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    let body = made.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Program { app_id: text(&body["application"]["app_id"]), key: text(&body["key"]), desk, token, all, path }
}

impl Program {
    async fn ask(
        &self,
        method: &str,
        more: &str,
        tag: Option<&str>,
        body: Value,
    ) -> doorward_testkit::Answer {
        let headers: Vec<(&str, &str)> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
        self.desk.ask(method, &self.token, &format!("{}{more}", self.path), &headers, &body).await
    }

    async fn now(&self) -> (Value, String) {
        let answer = self.desk.get(&self.token, &self.path).await;
        (answer.json(), answer.header("etag").unwrap_or_default().to_owned())
    }

    /// Whether a door would let it in with this key.
    async fn admits(&self, key: &str) -> bool {
        applications::admit(&self.desk.house.core, &self.app_id, Some(&Secret::new(key))).await.is_ok()
    }
}

#[tokio::test]
async fn a_key_is_shown_once_rotated_and_ended() {
    let it = program().await;
    assert!(it.admits(&it.key).await);
    let (shown, tag) = it.now().await;
    assert!(!shown.to_string().contains(&it.key));
    assert_eq!((&shown["has_key"], &shown["previous_key_until"]), (&json!(true), &json!(null)));
    let rotated = it.ask("POST", "/key", Some(&tag), json!({ "overlap_seconds": 3600 })).await;
    assert_eq!(rotated.status.as_u16(), 200, "{}", rotated.text());
    let second = rotated.json()["key"].as_str().unwrap().to_owned();
    // The same request, sent again, would end the key that clients still have.
    assert_eq!(refusal(&it.ask("POST", "/key", Some(&tag), json!({ "overlap_seconds": 3600 })).await).0, 412);
    assert!(it.admits(&it.key).await && it.admits(&second).await);
    assert_eq!(it.now().await.0["previous_key_until"], "2026-11-22T11:00:00.123456Z");
    let ended = it.ask("DELETE", "/previous-key", None, json!({})).await;
    assert_eq!(ended.json()["previous_key_until"], json!(null), "{}", ended.text());
    assert!(!it.admits(&it.key).await && it.admits(&second).await);
    assert_eq!(it.ask("POST", "/disable", None, json!({})).await.json()["disabled"], true);
    assert!(!it.admits(&second).await);
    assert_eq!(it.ask("POST", "/enable", None, json!({})).await.json()["disabled"], false);
    assert!(it.admits(&second).await);
    assert_eq!(it.ask("DELETE", "/key", None, json!({})).await.json()["has_key"], false);
    assert_eq!(refusal(&it.ask("POST", "/key", None, json!({ "overlap_seconds": 7_776_001 })).await).0, 422);
}

#[tokio::test]
async fn a_change_keeps_the_rest_and_names_its_version() {
    let it = program().await;
    let (before, tag) = it.now().await;
    let changed = it.ask("PATCH", "", Some(&tag), json!({ "name": "Partner B" })).await;
    assert_eq!(
        (&changed.json()["name"], &changed.json()["origins"]),
        (&json!("Partner B"), &json!(["https://app.example"])),
        "{}",
        changed.text()
    );
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    for (method, more, body) in [
        ("PATCH", "", json!({ "name": "late" })),
        ("POST", "/disable", json!({})),
        ("DELETE", "/key", json!({})),
        ("DELETE", "/previous-key", json!({})),
    ] {
        assert_eq!(refusal(&it.ask(method, more, Some(&tag), body).await).0, 412, "{method} {more}");
    }
    let emptied = it.ask("PATCH", "", None, json!({ "origins": [] })).await;
    assert_eq!(emptied.json()["origins"], json!([]));
    for (body, field) in [
        (json!({ "origins": ["https://app.example/path"] }), "origins"),
        (json!({ "origins": "https://app.example" }), "origins"),
        (json!({ "name": "" }), "name"),
        (json!({ "app_id": "other" }), "app_id"),
    ] {
        let refused = it.ask("PATCH", "", None, body.clone()).await;
        assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!(field)), "{body}");
    }
    assert_eq!(before["last_used_at"], json!(null));
}

#[tokio::test]
async fn a_request_that_came_before_makes_nothing_and_shows_no_secret_again() {
    let it = program().await;
    let named = [("idempotency-key", "one")];
    let new = json!({ "name": "Once" });
    let first = it.desk.post(&it.token, &it.all, &named, &new).await;
    let id = first.json()["application"]["id"].as_str().unwrap().to_owned();
    let again = it.desk.post(&it.token, &it.all, &named, &new).await;
    assert_eq!((refusal(&again).0, again.json()["field"].clone()), (409, json!("idempotency_key")));
    assert!(again.json()["detail"].as_str().unwrap().contains(&id), "{}", again.text());
    // Without a key there is nothing to hide.
    let named = [("idempotency-key", "two")];
    let keyless = json!({ "name": "Keyless", "with_key": false });
    let first = it.desk.post(&it.token, &it.all, &named, &keyless).await;
    let again = it.desk.post(&it.token, &it.all, &named, &keyless).await;
    assert_eq!((first.status.as_u16(), &first.json()["key"]), (201, &json!(null)));
    assert_eq!((again.status.as_u16(), again.json()), (201, first.json()));
    // A token is a secret always.
    let tokens = format!("{}/tokens", it.path);
    let new = json!({ "label": "sync", "audience": "crm", "scopes": ["crm:read"] });
    let first = it.desk.post(&it.token, &tokens, &named, &new).await;
    assert_eq!(refusal(&first).0, 409, "the name was another request's");
    let named = [("idempotency-key", "three")];
    assert_eq!(it.desk.post(&it.token, &tokens, &named, &new).await.status.as_u16(), 201);
    assert_eq!(refusal(&it.desk.post(&it.token, &tokens, &named, &new).await).0, 409);
    let listed = it.desk.get(&it.token, &tokens).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_is_read_to_its_end_page_by_page() {
    let it = program().await;
    for n in 0..4 {
        it.desk.house.clock.advance(Duration::from_millis(2));
        it.desk.post(&it.token, &it.all, &[], &json!({ "name": format!("p{n}") })).await;
    }
    let (mut names, mut next) = (Vec::new(), String::new());
    loop {
        let page = it.desk.get(&it.token, &format!("{}?limit=2{next}", it.all)).await.json();
        names.extend(
            page["items"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    names.sort();
    // The desk's own program among them.
    assert_eq!(names, ["Partner", "desk", "p0", "p1", "p2", "p3"]);
}

#[tokio::test]
async fn a_token_is_made_used_listed_and_revoked_and_none_hands_out_more_than_it_has() {
    let it = program().await;
    let tokens = format!("{}/tokens", it.path);
    let make = async |token: &str, scopes: &[&str], audience: &str| {
        let new = json!({ "label": "sync", "audience": audience, "scopes": scopes });
        it.desk.post(token, &tokens, &[], &new).await
    };
    for scopes in [&["manage"][..], &["manage:people:read"], &["verify"]] {
        assert_eq!(refusal(&make(&it.token, scopes, "manage").await).0, 403, "{scopes:?}");
    }
    assert_eq!(refusal(&make(&it.token, &["manage:applications:read"], "*").await).0, 422);
    let made = make(&it.token, &["manage:applications:read"], "manage").await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(it.desk.get(&secret, &it.path).await.status.as_u16(), 200);
    let id = made.json()["token"]["id"].as_str().unwrap().to_owned();
    let revoked = it.ask("DELETE", &format!("/tokens/{id}"), None, json!({})).await;
    assert_eq!((revoked.status.as_u16(), &revoked.json()["state"]), (200, &json!("revoked")));
    assert_eq!(refusal(&it.desk.get(&secret, &it.path).await).0, 401);
    let listed = it.desk.get(&it.token, &tokens).await.text();
    assert!(listed.contains(&id) && !listed.contains(&secret), "{listed}");
    let past = json!({ "label": "x", "audience": "crm", "expires_at": "2020-01-01T00:00:00Z" });
    let refused = it.desk.post(&it.token, &tokens, &[], &past).await;
    assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!("expires_at")));
    let odd = json!({ "label": "x", "audience": "crm", "expires_at": "tomorrow" });
    assert_eq!(refusal(&it.desk.post(&it.token, &tokens, &[], &odd).await).0, 422);
}

#[tokio::test]
async fn a_trusted_server_is_an_owners_and_none_of_a_token_for_some_things() {
    let it = program().await;
    let top = doorward_core::tenants::by_slug(
        &it.desk.house.core,
        &doorward_model::Slug::parse("northwind").unwrap(),
    )
    .await
    .unwrap();
    let trust = json!({ "trusted_server": true });
    let narrow = it.desk.remote(&[Scope::ApplicationsWrite], None, None).await.text;
    let program = it.desk.token(&top, &["manage"]).await;
    for token in [&it.token, &narrow, &program] {
        let refused = it.desk.ask("PATCH", token, &it.path, &[], &trust).await;
        assert_eq!(refusal(&refused).0, 403);
    }
    let whole = it.desk.remote(&[Scope::Everything], None, None).await.text;
    let trusted = it.desk.ask("PATCH", &whole, &it.path, &[], &trust).await;
    assert_eq!(trusted.json()["trusted_server"], true, "{}", trusted.text());
    // Whoever held its key, or a token of it, could become anybody.
    assert_eq!(
        refusal(&it.desk.ask("POST", &narrow, &format!("{}/key", it.path), &[], &json!({})).await).0,
        403
    );
    let new = json!({ "label": "sync", "audience": "crm" });
    assert_eq!(refusal(&it.desk.post(&narrow, &format!("{}/tokens", it.path), &[], &new).await).0, 403);
}
