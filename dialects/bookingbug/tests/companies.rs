//! Companies: what anybody's application sees, and what their administrators change.

use crate::harbour::{BASE, FORBIDDEN, GYM, Harbour, SPA, said};
use serde_json::json;

#[tokio::test]
async fn a_company_names_its_parent_and_its_children() {
    let harbour = Harbour::open().await;
    let spa = harbour.send(harbour.call("GET", "/company/37002")).await.json();
    assert_eq!((&spa["id"], &spa["name"]), (&json!(SPA), &json!("Harbour spa")));
    assert_eq!(spa["created_at"], "2026-11-22T10:00:00Z");
    assert_eq!(spa["_links"]["parent"]["href"], format!("{BASE}/company/37001"));
    let root = harbour.send(harbour.call("GET", "/company/37001")).await.json();
    assert!(root["_links"].get("parent").is_none());
    let children = harbour.send(harbour.call("GET", "/company/37001/children")).await.json();
    assert_eq!(children["total_entries"], 2);
    assert_eq!(children["_embedded"]["companies"][1]["id"], GYM);
    let second = harbour.send(harbour.call("GET", "/company/37001/children?per_page=1&page=2")).await.json();
    assert_eq!(
        (&second["total_entries"], &second["_embedded"]["companies"][0]["id"]),
        (&json!(2), &json!(GYM))
    );
    assert_eq!(second["_embedded"]["companies"].as_array().unwrap().len(), 1);
    assert!(second["_links"].get("next").is_none());
    let first = format!("{BASE}/company/37001/children?page=1&per_page=1");
    assert_eq!(second["_links"]["previous"]["href"], first);
}

#[tokio::test]
async fn its_administrators_change_it_and_nobody_else() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let body = json!({ "name": "The Spa", "timezone": "Europe/London", "id": 1, "live": false });
    let changed = harbour.put(&owner, "PUT", "/admin/37002/company", body).await;
    assert_eq!(changed.status, 200);
    let seen = harbour.with(&owner, "GET", "/admin/37002/company").await.json();
    assert_eq!((&seen["name"], &seen["timezone"]), (&json!("The Spa"), &json!("Europe/London")));
    assert_eq!((&seen["id"], &seen["live"]), (&json!(SPA), &json!(true)));
    assert_eq!(seen["_links"]["self"]["href"], format!("{BASE}/admin/37002/company"));
    let cleared = harbour.put(&owner, "PUT", "/admin/37002/company", json!({ "timezone": null })).await;
    assert_eq!(cleared.json()["timezone"], json!(null));
    for (email, company) in [("member@harbour.example", SPA), ("shared@harbour.example", GYM)] {
        let token = harbour.token(email, company).await;
        let path = format!("/admin/{company}/company");
        assert_eq!(harbour.put(&token, "PUT", &path, json!({ "name": "Mine" })).await.status, 403);
    }
    for name in ["", "  ", "a\nb"] {
        let answer = harbour.put(&owner, "PUT", "/admin/37002/company", json!({ "name": name })).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["details"][0]["field"]), (400, &json!("name")));
    }
}

#[tokio::test]
async fn customers_do_not_see_it_as_its_administrators_do() {
    let harbour = Harbour::open().await;
    let member = harbour.token("member@harbour.example", SPA).await;
    assert_eq!(
        said(&harbour.with(&member, "GET", "/admin/37002/company").await),
        (403, FORBIDDEN.to_owned())
    );
    assert_eq!(harbour.with(&member, "GET", "/company/37002").await.status, 200);
    let user = harbour.token("shared@harbour.example", GYM).await;
    assert_eq!(harbour.with(&user, "GET", "/admin/37003/company").await.status, 200);
}
