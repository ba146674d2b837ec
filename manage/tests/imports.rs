//! Imports: a file or a list becomes people, and what cannot is told.

use crate::desk::{Desk, HOST, refusal};
use doorward_core::{Branch, works};
use doorward_testkit::{Answer, Request};
use serde_json::{Value, json};

const WRITE: &[&str] = &["manage:people:write"];

async fn send(desk: &Desk, token: &str, path: &str, file: &str) -> Answer {
    let ask = Request::post(HOST, &format!("/manage/v1{path}")).body("text/csv", file.to_owned());
    desk.send(ask.header("authorization", &format!("Bearer {token}"))).await
}

fn at(branch: &Branch) -> String {
    format!("/tenants/{}/imports", branch.tenant().id)
}

#[tokio::test]
async fn a_file_is_imported_and_its_bad_lines_are_listed() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, WRITE).await;
    let file = "\u{feff}E-Mail;Vorname;Role\r\nada@northwind.example;Ada;\r\neve@northwind.example;=1+1;user\r\nnobody;;\r\n";
    let made = send(&desk, &token, &format!("{}?invite=true", at(&top)), file).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let begun = made.json();
    assert_eq!(
        (&begun["state"], &begun["total"], &begun["refused"], &begun["invite"]),
        (&json!("running"), &json!(3), &json!(1), &json!(true))
    );
    let one = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    while works::go_on(&desk.house.core).await.unwrap() {}
    let done = desk.get(&token, &one).await.json();
    assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(2)));
    let refused = desk.get(&token, &format!("{one}/refused?limit=1")).await.json();
    assert_eq!((&refused["items"][0]["line"], &refused["items"][0]["email"]), (&json!(4), &json!("nobody")));
    assert_eq!(refused["next"], Value::Null);
    assert_eq!(desk.house.mails().await.len(), 2);
    let people = desk.get(&token, &format!("/tenants/{}/people", top.tenant().id)).await.json();
    assert_eq!(people["items"].as_array().unwrap().len(), 2);
    assert!(people.to_string().contains("=1+1"), "what looks like a formula is a name");
    let page = desk.get(&token, &format!("{}?limit=5", at(&top))).await.json();
    assert_eq!(page["items"][0]["id"], begun["id"]);
    let over = desk.post(&token, &format!("{one}/cancel"), &[], &json!({})).await;
    assert_eq!(refusal(&over), (409, "conflict".to_owned()));
}

#[tokio::test]
async fn a_list_sent_twice_under_one_name_is_imported_once() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, WRITE).await;
    let list =
        json!({ "people": [{ "email": "ada@northwind.example", "role": "admin" }, { "email": "Nobody" }] });
    let named = [("idempotency-key", "monday")];
    let first = desk.post(&token, &format!("{}?check=true", at(&top)), &named, &list).await;
    assert_eq!((first.status.as_u16(), first.json()["state"].clone()), (201, json!("checked")));
    let again = desk.post(&token, &format!("{}?check=true", at(&top)), &named, &list).await;
    assert_eq!(again.json()["id"], first.json()["id"]);
    // What the query says is part of the request.
    let other = desk.post(&token, &format!("{}?check=false", at(&top)), &named, &list).await;
    assert_eq!(refusal(&other).0, 409);
    assert!(!works::go_on(&desk.house.core).await.unwrap(), "it waits to be started");
    let one = format!("{}/{}", at(&top), first.json()["id"].as_str().unwrap());
    let reasons = desk.get(&token, &format!("{one}/refused")).await.json();
    assert!(reasons["items"][0]["reason"].as_str().unwrap().starts_with("role: you may not"), "{reasons}");
    assert_eq!(reasons["items"].as_array().unwrap().len(), 2);
    let started = desk.post(&token, &format!("{one}/start"), &[], &json!({})).await;
    assert_eq!(started.json()["state"], "running", "{}", started.text());
    assert_eq!(refusal(&desk.post(&token, &format!("{one}/start"), &[], &json!({})).await).0, 409);
    let busy =
        desk.post(&token, &at(&top), &[], &json!({ "people": [{ "email": "b@northwind.example" }] })).await;
    assert_eq!((refusal(&busy).0, busy.json()["field"].clone()), (409, json!("work")));
    let canceled = desk.post(&token, &format!("{one}/cancel"), &[], &json!({})).await;
    assert_eq!(canceled.json()["state"], "canceled");
}

#[tokio::test]
async fn hostile_and_broken_files_are_refused_in_words() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, WRITE).await;
    for (file, why) in [
        ("", "it is empty"),
        ("email\n", "only a first line"),
        ("emial\na@b.example\n", "did you mean email?"),
        ("first_name\nAda\n", "email among them"),
        ("email,email\na@b.example,b\n", "twice"),
        ("\u{0}\na\n", "means nothing here"),
    ] {
        let refused = send(&desk, &token, &at(&top), file).await;
        assert_eq!(refusal(&refused), (422, "invalid".to_owned()), "{file:?}");
        let told = refused.json();
        assert!(told["detail"].as_str().unwrap().contains(why), "{told}");
        assert_eq!(told["field"], "file");
    }
    let latin =
        Request::post(HOST, &format!("/manage/v1{}", at(&top))).body("text/csv", b"email\nZo\xeb\n".to_vec());
    let refused = desk.send(latin.header("authorization", &format!("Bearer {token}"))).await;
    assert!(refused.json()["detail"].as_str().unwrap().contains("line 2 is not written in UTF-8"));
    let huge = format!("email\n{}", "a".repeat(1024 * 1024));
    assert_eq!(refusal(&send(&desk, &token, &at(&top), &huge).await).0, 413);
    let long = format!("email\n{}@b.example\nada@northwind.example\n", "a".repeat(20_000));
    let made = send(&desk, &token, &at(&top), &long).await.json();
    assert_eq!((&made["total"], &made["refused"]), (&json!(2), &json!(1)));
    for body in [
        json!({}),
        json!({ "people": "all" }),
        json!({ "people": [1] }),
        json!({ "people": [{ "name": "x" }] }),
    ] {
        assert_eq!(refusal(&desk.post(&token, &at(&top), &[], &body).await).0, 422, "{body}");
    }
    let read = desk.token(&top, &["manage:people:read"]).await;
    assert_eq!(refusal(&send(&desk, &read, &at(&top), "email\nx@b.example\n").await).0, 403);
}
