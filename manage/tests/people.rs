//! Listing, reading and making people.

use crate::desk::{Desk, refusal};
use doorward_core::manage::Scope;
use doorward_model::{Kind, PersonId, Role};
use doorward_store::events;
use serde_json::{Value, json};

const BOTH: &[&str] = &["manage:people:write"];

fn emails(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_is_read_to_its_end_page_by_page() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let below = desk.house.child("below", &top).await;
    for n in 0..7 {
        desk.house.person(&top, &format!("p{n}@northwind.example"), Kind::User, Role::User).await;
    }
    desk.house.person(&below, "elsewhere@northwind.example", Kind::User, Role::User).await;
    let (token, path) =
        (desk.token(&top, BOTH).await, format!("/tenants/{}/people?limit=3", top.tenant().id));
    let (mut seen, mut next, mut cursors) = (Vec::new(), String::new(), Vec::new());
    loop {
        let page = desk.get(&token, &format!("{path}{next}")).await.json();
        seen.extend(emails(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
        cursors.push(next.clone());
    }
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), cursors.len()), (7, 2));
    // Of another list.
    let other =
        desk.get(&token, &format!("/tenants/{}/people?{}", below.tenant().id, &cursors[0][1..])).await;
    assert_eq!((refusal(&other).0, other.json()["field"].clone()), (422, json!("cursor")));
}

#[tokio::test]
async fn a_person_is_made_found_where_the_answer_says_and_told_of_with_the_token() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let issued = desk.issued(&top, BOTH, "manage", None).await;
    let path = format!("/tenants/{}/people", top.tenant().id);
    let new = json!({ "email": "Ada@northwind.example", "first_name": "Ada", "known_as": null });
    let made = desk.post(&issued.text, &path, &[], &new).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, Some("\"1\"")));
    let body = made.json();
    assert_eq!(
        (&body["email"], &body["role"], &body["last_name"]),
        (&json!("Ada@northwind.example"), &json!("user"), &json!(null))
    );
    let at = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap();
    let found = desk.get(&issued.text, at).await;
    assert_eq!(
        (found.status.as_u16(), found.header("etag"), found.json()),
        (200, Some("\"1\""), body.clone())
    );

    let id = PersonId::parse(body["id"].as_str().unwrap()).unwrap();
    let told =
        desk.house.core.db().read(top.pool(), move |tx| events::list_by_person(tx, id, 10)).await.unwrap();
    let told = told.iter().find(|event| event.kind.as_str() == "person_created").unwrap();
    assert!(told.actor.as_ref().unwrap().ends_with(&format!("token {}", issued.id)), "{told:?}");
    assert_eq!(told.application, Some(issued.application));

    let again = desk.post(&issued.text, &path, &[], &new).await;
    assert_eq!(
        (refusal(&again), again.json()["field"].clone()),
        ((409, "conflict".to_owned()), json!("email"))
    );
}

#[tokio::test]
async fn the_same_request_makes_one_person_and_its_name_is_its_tokens() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let (token, path) = (desk.token(&top, BOTH).await, format!("/tenants/{}/people", top.tenant().id));
    let named = [("idempotency-key", "7d8f")];
    let new = json!({ "email": "ada@northwind.example" });
    let first = desk.post(&token, &path, &named, &new).await;
    let again = desk.post(&token, &path, &named, &new).await;
    assert_eq!([first.status.as_u16(), again.status.as_u16()], [201, 201]);
    assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")));
    let eve = json!({ "email": "eve@northwind.example" });
    let other = desk.post(&token, &path, &named, &eve).await;
    assert_eq!((refusal(&other).0, other.json()["field"].clone()), (409, json!("idempotency_key")));
    // A refused request leaves its name free.
    let taken = desk.post(&token, &path, &[("idempotency-key", "free")], &new).await;
    assert_eq!(taken.json()["field"], "email");
    let mended = desk.post(&token, &path, &[("idempotency-key", "free")], &eve).await;
    assert_eq!(mended.status.as_u16(), 201);
    // Another token's names are its own.
    let theirs = desk.token(&top, BOTH).await;
    let bob = json!({ "email": "bob@northwind.example" });
    assert_eq!(desk.post(&theirs, &path, &named, &bob).await.status.as_u16(), 201);
}

#[tokio::test]
async fn fifty_at_once_make_one_person() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let (token, path) = (desk.token(&top, BOTH).await, format!("/tenants/{}/people", top.tenant().id));
    let new = json!({ "email": "ada@northwind.example" });
    let mut asked = tokio::task::JoinSet::new();
    let desk = std::sync::Arc::new(desk);
    for _ in 0..50 {
        let (desk, token, path, new) = (desk.clone(), token.clone(), path.clone(), new.clone());
        asked.spawn(async move { desk.post(&token, &path, &[("idempotency-key", "one")], &new).await });
    }
    let answers = asked.join_all().await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.json() == answers[0].json()));
    assert_eq!(emails(&desk.get(&token, &path).await.json()).len(), 1);
}

#[tokio::test]
async fn no_token_makes_who_could_do_more_than_itself() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let path = format!("/tenants/{}/people", top.tenant().id);
    let make = async |token: &str, role: &str| {
        let new = json!({ "email": format!("{role}-{}@x.example", &token[4..12].replace(['-', '_'], "x")), "role": role });
        desk.post(token, &path, &[], &new).await.status.as_u16()
    };
    let (narrow, whole) = (desk.token(&top, BOTH).await, desk.token(&top, &["manage"]).await);
    assert_eq!(
        [make(&narrow, "owner").await, make(&narrow, "admin").await, make(&narrow, "user").await],
        [403, 403, 201]
    );
    assert_eq!([make(&whole, "owner").await, make(&whole, "admin").await], [403, 201]);
    let narrow = desk.remote(&[Scope::PeopleWrite], None, None).await.text;
    let whole = desk.remote(&[Scope::Everything], Some(&top), None).await.text;
    assert_eq!(
        [make(&narrow, "owner").await, make(&narrow, "admin").await, make(&narrow, "user").await],
        [403, 403, 201]
    );
    assert_eq!([make(&whole, "owner").await, make(&whole, "admin").await], [201, 201]);
}
