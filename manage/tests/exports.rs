//! Exports: made in the background, taken by whoever reads such things, and told of.

use crate::desk::{Desk, refusal};
use doorward_core::works::{self, KEPT};
use doorward_model::{Kind, Role};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_file_is_made_and_taken_in_any_form_for_a_day() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    desk.house.person(&top, "ada@northwind.example", Kind::User, Role::User).await;
    let scopes = ["manage:exports:write", "manage:people:read", "manage:events:read"];
    let token = desk.token(&top, &scopes).await;
    let at = format!("/tenants/{}/exports", top.tenant().id);
    let named = [("idempotency-key", "nightly")];
    let begun = desk.post(&token, &at, &named, &json!({ "of": "people" })).await;
    assert_eq!((begun.status.as_u16(), begun.json()["of"].clone()), (201, json!("people")));
    let one = begun.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    assert_eq!(refusal(&desk.get(&token, &format!("{one}/file")).await).0, 409);
    let again = desk.post(&token, &at, &named, &json!({ "of": "people" })).await;
    assert_eq!(again.json()["id"], begun.json()["id"]);
    while works::go_on(&desk.house.core).await.unwrap() {}
    let done = desk.get(&token, &one).await.json();
    assert_eq!((&done["state"], &done["rows"]), (&json!("done"), &json!(1)));
    let csv = desk.get(&token, &format!("{one}/file")).await;
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"people.csv\""));
    assert!(csv.text().contains("\"ada@northwind.example\""), "{}", csv.text());
    let lines = desk.get(&token, &format!("{one}/file?format=jsonl")).await;
    assert_eq!(lines.text().lines().count(), 1);
    assert_eq!(desk.get(&token, &format!("{at}?limit=1")).await.json()["items"][0]["id"], done["id"]);

    let taken = desk.get(&token, &format!("/tenants/{}/events?kind=export_taken", top.tenant().id)).await;
    assert_eq!(taken.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(taken.json()["items"][0]["detail"], "people, made before");
    // Of one moment no event is the newest.
    desk.house.clock.advance(Duration::from_secs(1));
    let direct = desk.get(&token, &format!("/tenants/{}/events/export", top.tenant().id)).await;
    assert_eq!(direct.status, 200);
    let taken = desk.get(&token, &format!("/tenants/{}/events?kind=export_taken", top.tenant().id)).await;
    assert_eq!(taken.json()["items"][0]["detail"], "events, directly");

    // Who reads no people takes no file of them, whatever else their token is good for.
    let other = desk.token(&top, &["manage:exports:write", "manage:events:read"]).await;
    assert_eq!(refusal(&desk.get(&other, &format!("{one}/file")).await).0, 403);
    assert_eq!(desk.get(&other, &one).await.status, 200);
    desk.house.clock.advance(KEPT);
    let token = desk.token(&top, &scopes).await;
    assert_eq!(refusal(&desk.get(&token, &format!("{one}/file")).await).0, 409);
}

#[tokio::test]
async fn what_is_asked_for_must_go_together() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, &["manage"]).await;
    let at = format!("/tenants/{}/exports", top.tenant().id);
    let nobody = "01900000-0000-7000-8000-000000000000";
    for (body, field) in [
        (json!({}), "of"),
        (json!({ "of": "all" }), "of"),
        (json!({ "of": "consents" }), "terms"),
        (json!({ "of": "consents", "terms": nobody }), "terms"),
        (json!({ "of": "people", "from": "2026-01-01T00:00:00Z" }), "of"),
        (json!({ "of": "events", "kind": "unheard_of" }), "kind"),
        (json!({ "of": "events", "terms": nobody }), "of"),
    ] {
        let refused = desk.post(&token, &at, &[], &body).await;
        assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!(field)), "{body}");
    }
    let begun = desk.post(&token, &at, &[], &json!({ "of": "events", "kind": "person_created" })).await;
    let one = format!("{at}/{}", begun.json()["id"].as_str().unwrap());
    assert_eq!(
        desk.post(&token, &format!("{one}/cancel"), &[], &json!({})).await.json()["state"],
        "canceled"
    );
    assert_eq!(refusal(&desk.get(&token, &one.replace("exports", "imports")).await).0, 404);
}
