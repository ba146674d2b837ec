//! Access keys: listed, made, rotated, changed, disabled.

use crate::desk::{Desk, refusal};
use doorward_core::Branch;
use doorward_core::verify::{self};
use doorward_model::{Kind, Person, Role};
use serde_json::{Value, json};
use std::time::Duration;

const WRITE: &[&str] = &["manage:keys:write"];

struct Keys {
    desk: Desk,
    top: Branch,
    ada: Person,
    token: String,
    all: String,
}

async fn keys() -> Keys {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let ada = desk.house.person(&top, "ada@northwind.example", Kind::User, Role::User).await;
    let token = desk.token(&top, WRITE).await;
    let all = format!("/tenants/{}/access-keys", top.tenant().id);
    Keys { desk, top, ada, token, all }
}

impl Keys {
    async fn make(&self, who: &Person, more: Value) -> doorward_testkit::Answer {
        let mut new = json!({ "person": who.id.to_string(), "label": "import" });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.desk.post(&self.token, &self.all, &[], &new).await
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        tag: Option<&str>,
        body: Value,
    ) -> doorward_testkit::Answer {
        let headers: Vec<(&str, &str)> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
        self.desk.ask(method, &self.token, path, &headers, &body).await
    }

    /// Whether the pair is good at a door.
    async fn opens(&self, name: &str, secret: &str) -> bool {
        let secret = doorward_model::Secret::new(secret);
        verify::access_key(&self.desk.house.core, &self.desk.house.caller, name, &secret).await.is_ok()
    }
}

#[tokio::test]
async fn a_key_is_shown_once_rotated_changed_and_disabled() {
    let it = keys().await;
    let made = it.make(&it.ada, json!({ "rate": { "calls": 5, "seconds": 10 } })).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let body = made.json();
    let (name, first) =
        (body["key"]["access_key"].as_str().unwrap(), body["secret_key"].as_str().unwrap().to_owned());
    assert!(it.opens(name, &first).await);
    let at = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    let read = it.desk.get(&it.token, &at).await;
    assert!(!read.text().contains(&first));
    let tag = read.header("etag").unwrap().to_owned();
    assert_eq!(
        (&read.json()["email"], &read.json()["state"], &read.json()["rate"]["calls"]),
        (&json!("ada@northwind.example"), &json!("active"), &json!(5))
    );
    let overlap = json!({ "overlap_seconds": 3600 });
    let rotated = it.ask("POST", &format!("{at}/rotate"), Some(&tag), overlap.clone()).await;
    let second = rotated.json()["secret_key"].as_str().unwrap().to_owned();
    assert_eq!(refusal(&it.ask("POST", &format!("{at}/rotate"), Some(&tag), overlap).await).0, 412);
    assert!(it.opens(name, &first).await && it.opens(name, &second).await);
    let changed = it.ask("PATCH", &at, None, json!({ "rate": null, "label": "export" })).await;
    assert_eq!(
        (&changed.json()["rate"], &changed.json()["label"]),
        (&json!(null), &json!("export")),
        "{}",
        changed.text()
    );
    let ends = it.ask("PATCH", &at, None, json!({ "expires_at": "2027-01-31T00:00:00Z" })).await;
    assert_eq!(ends.json()["expires_at"], "2027-01-31T00:00:00Z");
    let never = it.ask("PATCH", &at, None, json!({ "expires_at": null })).await;
    assert_eq!(never.json()["expires_at"], json!(null));
    for (method, more) in [("PATCH", ""), ("POST", "/disable"), ("POST", "/enable")] {
        let stale = it.ask(method, &format!("{at}{more}"), Some(&tag), json!({})).await;
        assert_eq!(refusal(&stale).0, 412, "{method} {more}");
    }
    assert_eq!(it.ask("POST", &format!("{at}/disable"), None, json!({})).await.json()["state"], "disabled");
    assert!(!it.opens(name, &second).await);
    assert_eq!(it.ask("POST", &format!("{at}/enable"), None, json!({})).await.json()["state"], "active");
    assert!(it.opens(name, &second).await && !it.opens(name, &first).await);
    for (body, field) in [
        (json!({ "rate": { "calls": 0, "seconds": 5 } }), "rate"),
        (json!({ "rate": { "calls": 5 } }), "rate"),
        (json!({ "rate": { "calls": 5, "seconds": 5, "burst": 1 } }), "rate"),
        (json!({ "label": "" }), "label"),
        (json!({ "person": "x" }), "person"),
    ] {
        let refused = it.ask("PATCH", &at, None, body.clone()).await;
        assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!(field)), "{body}");
    }
}

#[tokio::test]
async fn the_same_request_makes_one_key_and_shows_its_secret_once() {
    let it = keys().await;
    let new = json!({ "person": it.ada.id.to_string(), "label": "import" });
    let named = [("idempotency-key", "one")];
    let first = it.desk.post(&it.token, &it.all, &named, &new).await;
    let again = it.desk.post(&it.token, &it.all, &named, &new).await;
    assert_eq!((first.status.as_u16(), refusal(&again).0), (201, 409));
    let id = first.json()["key"]["id"].as_str().unwrap().to_owned();
    assert!(again.json()["detail"].as_str().unwrap().contains(&id));
    let listed = it.desk.get(&it.token, &it.all).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_or_for_one_person() {
    let it = keys().await;
    let eve = it.desk.house.person(&it.top, "eve@northwind.example", Kind::User, Role::User).await;
    for who in [&it.ada, &eve, &it.ada, &eve, &it.ada] {
        it.desk.house.clock.advance(Duration::from_millis(2));
        assert_eq!(it.make(who, json!({})).await.status.as_u16(), 201);
    }
    let read = async |narrowed: String| {
        let (mut emails, mut next) = (Vec::new(), String::new());
        loop {
            let page = it.desk.get(&it.token, &format!("{}?limit=2{narrowed}{next}", it.all)).await.json();
            let items = page["items"].as_array().unwrap();
            emails.extend(items.iter().map(|it| it["email"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => return emails,
            }
        }
    };
    assert_eq!(read(String::new()).await.len(), 5);
    assert_eq!(read(format!("&person={}", eve.id)).await, ["eve@northwind.example"; 2]);
    let odd = it.desk.get(&it.token, &format!("{}?person=eve", it.all)).await;
    assert_eq!((refusal(&odd).0, odd.json()["field"].clone()), (422, json!("person")));
}

#[tokio::test]
async fn nobody_holds_the_key_of_who_outranks_them() {
    let it = keys().await;
    let boss = it.desk.house.person(&it.top, "boss@x.example", Kind::User, Role::Admin).await;
    let owner = it.desk.house.person(&it.top, "owner@x.example", Kind::User, Role::Owner).await;
    let whole = it.desk.token(&it.top, &["manage"]).await;
    // A key of an administrator's would do what the token may not.
    assert_eq!(refusal(&it.make(&boss, json!({})).await).0, 403);
    let of = |who: &Person| json!({ "person": who.id.to_string(), "label": "import" });
    assert_eq!(refusal(&it.desk.post(&whole, &it.all, &[], &of(&owner)).await).0, 403);
    let made = it.desk.post(&whole, &it.all, &[], &of(&boss)).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let at = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    assert_eq!(refusal(&it.ask("POST", &format!("{at}/rotate"), None, json!({})).await).0, 403);
    assert_eq!(refusal(&it.ask("POST", &format!("{at}/disable"), None, json!({})).await).0, 403);
}
