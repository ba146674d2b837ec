//! The tree.

use crate::desk::{Desk, refusal};
use doorward_core::manage::Scope;
use doorward_core::tenants;
use serde_json::{Value, json};

fn slugs(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|it| it["slug"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_token_sees_its_own_tenant_and_what_is_below() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let left = desk.house.child("left", &top).await;
    desk.house.child("right", &top).await;
    desk.house.child("lower", &left).await;
    let token = desk.token(&left, &["manage:tenants:read"]).await;
    assert_eq!(slugs(&desk.get(&token, "/tenants").await.json()), ["left"]);
    let below = desk.get(&token, &format!("/tenants?parent={}", left.tenant().id)).await.json();
    assert_eq!(slugs(&below), ["lower"]);
    assert_eq!(below["items"][0]["parent"], left.tenant().id.to_string());
    let above = desk.get(&token, &format!("/tenants?parent={}", top.tenant().id)).await;
    assert_eq!(above.status.as_u16(), 403);
}

#[tokio::test]
async fn an_operator_sees_every_tree_a_page_at_a_time_or_the_one_of_the_token() {
    let desk = Desk::open().await;
    let mut tops = Vec::new();
    for n in 0..7 {
        let top = desk.house.pool(&format!("pool-{n}")).await;
        desk.house.child(&format!("child-{n}"), &top).await;
        tops.push(top);
    }
    let (core, caller, operator) = (&desk.house.core, &desk.house.caller, &desk.house.operator);
    tenants::delete(core, caller, operator, &tops[1]).await.unwrap();
    let all = desk.remote(&[Scope::TenantsRead], None, None).await.text;
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&all, &format!("/tenants?limit=2{next}")).await.json();
        let slugs = slugs(&page);
        assert!((1..=2).contains(&slugs.len()), "{page}");
        seen.extend(slugs);
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ["pool-0", "pool-2", "pool-3", "pool-4", "pool-5", "pool-6"]);
    let one = desk.remote(&[Scope::TenantsRead], Some(&tops[3]), None).await.text;
    assert_eq!(slugs(&desk.get(&one, "/tenants").await.json()), ["pool-3"]);
}

#[tokio::test]
async fn a_child_is_made_read_changed_moved_and_closed() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, &["manage:tenants:write"]).await;
    let new = json!({
        "parent": top.tenant().id.to_string(), "slug": "Spa", "display_name": "The Spa", "profile": { "city": "Bath" }
    });
    let made = desk.post(&token, "/tenants", &[("idempotency-key", "one")], &new).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let again = desk.post(&token, "/tenants", &[("idempotency-key", "one")], &new).await;
    assert_eq!((again.status.as_u16(), again.json()), (201, made.json()));
    let taken = desk.post(&token, "/tenants", &[], &new).await;
    assert_eq!((refusal(&taken).0, taken.json()["field"].clone()), (409, json!("slug")));

    let chosen = json!({
        "parent": top.tenant().id.to_string(), "slug": "end", "display_name": "End", "number": i32::MAX
    });
    let refused = desk.post(&token, "/tenants", &[], &chosen).await;
    assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!("number")));
    let next = json!({ "parent": top.tenant().id.to_string(), "slug": "next", "display_name": "Next" });
    let next = desk.post(&token, "/tenants", &[], &next).await.json();
    assert_eq!(next["number"].as_i64(), made.json()["number"].as_i64().map(|number| number + 1));

    let at = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    let read = desk.get(&token, &at).await;
    assert_eq!((read.json(), read.header("etag")), (made.json(), made.header("etag")));
    assert_eq!((&read.json()["slug"], &read.json()["profile"]), (&json!("spa"), &json!({ "city": "Bath" })));
    let tag = read.header("etag").unwrap().to_owned();
    let changes = json!({ "display_name": "Spa", "profile": { "city": null, "street": "Quiet Lane" } });
    let changed = desk.ask("PATCH", &token, &at, &[("if-match", &tag)], &changes).await;
    assert_eq!(changed.json()["profile"], json!({ "street": "Quiet Lane" }), "{}", changed.text());
    for (method, more, body) in [
        ("PATCH", "", json!({ "display_name": "Late" })),
        ("PUT", "/parent", json!({ "parent": top.tenant().id.to_string() })),
        ("POST", "/suspend", json!({})),
        ("DELETE", "", json!({})),
    ] {
        let stale = desk.ask(method, &token, &format!("{at}{more}"), &[("if-match", &tag)], &body).await;
        assert_eq!(refusal(&stale), (412, "stale".to_owned()), "{method} {more}");
    }

    let other = desk.house.child("other", &top).await.tenant().id.to_string();
    let moved = desk.ask("PUT", &token, &format!("{at}/parent"), &[], &json!({ "parent": other })).await;
    assert_eq!(moved.json()["parent"], json!(other), "{}", moved.text());
    let below = desk
        .ask("PUT", &token, &format!("/tenants/{other}/parent"), &[], &json!({ "parent": read.json()["id"] }))
        .await;
    assert_eq!(refusal(&below).0, 409, "into itself");
    let closed = desk.post(&token, &format!("{at}/suspend"), &[], &json!({})).await.json();
    assert_eq!((&closed["status"], &closed["open"]), (&json!("suspended"), &json!(false)));
    assert_eq!(desk.post(&token, &format!("{at}/resume"), &[], &json!({})).await.json()["open"], true);
    assert_eq!(desk.ask("DELETE", &token, &at, &[], &json!({})).await.json()["status"], "deleted");
    assert_eq!(refusal(&desk.get(&token, &at).await).0, 404);
}

#[tokio::test]
async fn a_tree_is_an_operators_to_make_once_and_to_close() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let new = json!({ "slug": "contoso", "display_name": "Contoso", "number": 20_001 });
    let named = [("idempotency-key", "one")];
    let whole = desk.token(&top, &["manage"]).await;
    let narrow = desk.remote(&[Scope::TenantsWrite], None, None).await.text;
    let of_one = desk.remote(&[Scope::Everything], Some(&top), None).await.text;
    for token in [&whole, &narrow, &of_one] {
        assert_eq!(refusal(&desk.post(token, "/tenants", &named, &new).await).0, 403);
        let own = format!("/tenants/{}", top.tenant().id);
        assert_eq!(refusal(&desk.ask("DELETE", token, &own, &[], &json!({})).await).0, 403);
    }
    let all = desk.remote(&[Scope::Everything], None, None).await.text;
    let made = desk.post(&all, "/tenants", &named, &new).await;
    assert_eq!((made.status.as_u16(), &made.json()["number"]), (201, &json!(20_001)), "{}", made.text());
    assert_eq!(desk.post(&all, "/tenants", &named, &new).await.json(), made.json());
    let last = json!({ "slug": "last", "display_name": "Last", "number": i32::MAX });
    assert_eq!(desk.post(&all, "/tenants", &[], &last).await.json()["number"], i32::MAX);
    let behind = json!({ "slug": "behind", "display_name": "Behind" });
    assert_eq!(desk.post(&all, "/tenants", &[], &behind).await.json()["number"], 20_002);
    let other = json!({ "slug": "fabrikam", "display_name": "Fabrikam" });
    let reused = desk.post(&all, "/tenants", &named, &other).await;
    assert_eq!((refusal(&reused).0, reused.json()["field"].clone()), (409, json!("idempotency_key")));
    for (body, field) in [
        (json!({ "slug": "a b", "display_name": "X" }), "slug"),
        (json!({ "slug": "x", "display_name": " " }), "display_name"),
        (json!({ "slug": "x", "display_name": "X", "number": 0 }), "number"),
        (json!({ "slug": "x", "display_name": "X", "profile": { "a": 1 } }), "profile"),
        (json!({ "slug": "x", "display_name": "X", "policy": {} }), "policy"),
        (json!({ "slug": "x", "display_name": "X", "parent": "y" }), "parent"),
    ] {
        let refused = desk.post(&all, "/tenants", &[], &body).await;
        assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!(field)), "{body}");
    }
}
