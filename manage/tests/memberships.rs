//! Places: listed, given, changed, taken.

use crate::desk::{Desk, refusal};
use doorward_core::Branch;
use doorward_model::{Kind, Person, Role};
use serde_json::{Value, json};

const WRITE: &[&str] = &["manage:memberships:write"];

fn places(page: &Value) -> Vec<(String, String, String)> {
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let items = page["items"].as_array().unwrap();
    items.iter().map(|it| (text(it, "email"), text(it, "kind"), text(it, "role"))).collect()
}

fn path(at: &Branch, more: &str) -> String {
    format!("/tenants/{}/memberships{more}", at.tenant().id)
}

#[tokio::test]
async fn a_place_is_given_listed_changed_and_taken() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let (left, right) = (desk.house.child("left", &top).await, desk.house.child("right", &top).await);
    let ada = desk.house.person(&left, "ada@northwind.example", Kind::User, Role::User).await;
    let token = desk.token(&top, WRITE).await;
    let new = json!({ "person": ada.id.to_string(), "kind": "contact", "standing": "Gold" });
    let named = [("idempotency-key", "one")];
    let given = desk.post(&token, &path(&right, ""), &named, &new).await;
    assert_eq!((given.status.as_u16(), &given.json()["role"]), (201, &json!("user")), "{}", given.text());
    let again = desk.post(&token, &path(&right, ""), &named, &new).await;
    assert_eq!((again.status.as_u16(), again.json()), (201, given.json()));
    let taken = desk.post(&token, &path(&right, ""), &[], &new).await;
    assert_eq!(refusal(&taken).0, 409);
    let at = given.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    assert_eq!(desk.get(&token, &at).await.json(), given.json());

    let of_ada = format!("/tenants/{}/people/{}/memberships", left.tenant().id, ada.id);
    assert_eq!(desk.get(&token, &of_ada).await.json()["items"].as_array().unwrap().len(), 2);
    // Who administers one of the places sees that one.
    let half = desk.token(&left, WRITE).await;
    assert_eq!(desk.get(&half, &of_ada).await.json()["items"].as_array().unwrap().len(), 1);

    let changed = desk.ask("PATCH", &token, &at, &[], &json!({ "standing": null })).await;
    assert_eq!((&changed.json()["standing"], &changed.json()["role"]), (&json!(null), &json!("user")));
    let changed = desk.ask("PATCH", &token, &at, &[], &json!({ "role": "callcentre" })).await;
    assert_eq!(changed.json()["role"], "callcentre");
    assert_eq!(
        places(&desk.get(&token, &path(&right, "")).await.json()),
        [("ada@northwind.example".to_owned(), "contact".to_owned(), "callcentre".to_owned())]
    );
    assert_eq!(desk.ask("DELETE", &token, &at, &[], &json!({})).await.status.as_u16(), 200);
    assert_eq!(refusal(&desk.get(&token, &at).await).0, 404);
    assert_eq!(refusal(&desk.ask("DELETE", &token, &at, &[], &json!({})).await).0, 404);
}

#[tokio::test]
async fn a_list_is_read_to_its_end_page_by_page() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, WRITE).await;
    for n in 0..4 {
        let who = desk.house.person(&top, &format!("p{n}@x.example"), Kind::User, Role::User).await;
        let more = json!({ "person": who.id.to_string(), "kind": "contact" });
        assert_eq!(desk.post(&token, &path(&top, ""), &[], &more).await.status.as_u16(), 201);
    }
    let (mut seen, mut next, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = desk.get(&token, &path(&top, &format!("?limit=3{next}"))).await.json();
        seen.extend(places(&page));
        pages += 1;
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), pages), (8, 3));
}

#[tokio::test]
async fn nobody_hands_out_or_takes_more_than_they_have() {
    let desk = Desk::open().await;
    let (top, other) = (desk.house.pool("northwind").await, desk.house.pool("contoso").await);
    let person = async |at: &Branch, email: &str, role| desk.house.person(at, email, Kind::User, role).await;
    let ada = person(&top, "ada@x.example", Role::User).await;
    let (boss, owner) = (
        person(&top, "boss@x.example", Role::Admin).await,
        person(&top, "owner@x.example", Role::Owner).await,
    );
    let stranger = person(&other, "eve@y.example", Role::User).await;
    let (narrow, whole) = (desk.token(&top, WRITE).await, desk.token(&top, &["manage"]).await);
    let role = async |token: &str, who: &Person, role: &str| {
        let at = path(&top, &format!("/{}/user", who.id));
        desk.ask("PATCH", token, &at, &[], &json!({ "role": role })).await.status.as_u16()
    };
    assert_eq!(role(&narrow, &ada, "admin").await, 403);
    assert_eq!(role(&narrow, &boss, "user").await, 403);
    assert_eq!(role(&whole, &owner, "user").await, 403);
    assert_eq!(role(&whole, &ada, "owner").await, 403);
    assert_eq!(role(&whole, &ada, "admin").await, 200);
    let give = async |who: &str| {
        let new = json!({ "person": who, "kind": "contact" });
        desk.post(&narrow, &path(&top, ""), &[], &new).await
    };
    // Somebody of another pool is nobody.
    assert_eq!(refusal(&give(&stranger.id.to_string()).await).0, 404);
    assert_eq!(refusal(&give("no-id").await).0, 422);
    let member = json!({ "person": ada.id.to_string(), "kind": "member", "role": "admin" });
    let refused = desk.post(&whole, &path(&top, ""), &[], &member).await;
    assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!("role")));
}
