//! Events: listed, filtered, kept as files.

use crate::desk::{Desk, HOST, refusal};
use doorward_core::Branch;
use doorward_core::application_tokens;
use doorward_core::manage::Scope;
use doorward_core::tenants::{self, TenantChanges};
use doorward_model::{Dialect, Event, EventId, EventKind, Kind, Role, Timestamp};
use doorward_store::events;
use doorward_testkit::Answer;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use uuid::Builder;

const READ: &[&str] = &["manage:events:read"];

async fn walk(desk: &Desk, token: &str, path: &str) -> Vec<Value> {
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = desk.get(token, &format!("{path}{next}")).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return seen,
        }
    }
}

fn lines(answer: &Answer) -> Vec<String> {
    answer.text().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_list_tells_what_happened_in_words_and_is_read_to_its_end() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let below = desk.house.child("below", &top).await;
    for n in 0..5 {
        desk.house.person(&below, &format!("p{n}@northwind.example"), Kind::User, Role::User).await;
    }
    let token = desk.token(&below, READ).await;
    let path = format!("/tenants/{}/events?kind=person_created&limit=2", below.tenant().id);
    let seen = walk(&desk, &token, &path).await;
    assert_eq!(seen.len(), 5);
    assert!(seen.iter().all(|it| it["sentence"] == "An operator made the account of Ada Example at Below"));
    assert_eq!(
        (&seen[0]["tenant_name"], &seen[0]["person_name"], &seen[0]["address"]),
        (&json!("Below"), &json!("Ada Example"), &json!("127.0.0.1"))
    );
    let one = format!("/tenants/{}/events/{}", below.tenant().id, seen[3]["id"].as_str().unwrap());
    assert_eq!(desk.get(&token, &one).await.json(), seen[3]);
    let person = seen[1]["person"].as_str().unwrap();
    let of =
        walk(&desk, &token, &format!("/tenants/{}/events?limit=1&person={person}", below.tenant().id)).await;
    assert!(!of.is_empty() && of.iter().all(|it| it["person"] == person));
    let at = seen[0]["at"].as_str().unwrap();
    let none = walk(&desk, &token, &format!("/tenants/{}/events?to={at}&from={at}", below.tenant().id)).await;
    assert_eq!(none, Vec::<Value>::new());
}

#[tokio::test]
async fn a_filter_that_cannot_be_meant_is_named_and_a_cursor_is_its_lists() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    for n in 0..3 {
        desk.house.person(&top, &format!("p{n}@northwind.example"), Kind::User, Role::User).await;
    }
    let token = desk.token(&top, READ).await;
    let path = format!("/tenants/{}/events", top.tenant().id);
    for (query, field) in [
        ("kind=sign_in", "kind"),
        ("person=7", "person"),
        ("session=", "session"),
        ("application=x", "application"),
        ("from=yesterday", "from"),
        ("to=2026-13-01T00:00:00Z", "to"),
        ("actor=eve", "actor"),
    ] {
        let answer = desk.get(&token, &format!("{path}?{query}")).await;
        assert_eq!((refusal(&answer).0, answer.json()["field"].clone()), (422, json!(field)), "{query}");
    }
    let page = desk.get(&token, &format!("{path}?limit=1")).await.json();
    let other = desk
        .get(&token, &format!("{path}?limit=1&kind=signed_in&cursor={}", page["next"].as_str().unwrap()))
        .await;
    assert_eq!((refusal(&other).0, other.json()["field"].clone()), (422, json!("cursor")));
    let export = desk.get(&token, &format!("{path}/export?format=xlsx")).await;
    assert_eq!((refusal(&export).0, export.json()["field"].clone()), (422, json!("format")));
    for id in ["no-id", "018f0000-0000-7000-8000-000000000000"] {
        assert_eq!(refusal(&desk.get(&token, &format!("{path}/{id}")).await).0, 404);
    }
}

/// So many events of one kind, each with its number and these words.
async fn fill(desk: &Desk, at: &Branch, events: u32, words: &str) {
    let (tenant, start) = (at.tenant().id, desk.house.core.now().micros() / 1000);
    let words = words.to_owned();
    let many = move |tx: &mut doorward_store::Tx<'_>| {
        for n in 1..=events {
            let millis = u64::try_from(start).unwrap() + u64::from(n);
            events::insert(
                tx,
                &Event {
                    id: EventId::new(Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid()),
                    pool: Some(tx.pool()),
                    tenant: Some(tenant),
                    kind: EventKind::SignedOut,
                    person: None,
                    actor: None,
                    session: None,
                    door: None,
                    application: None,
                    address: None,
                    detail: Some(format!("number {n}{words}")),
                    at: Timestamp::from_micros(i64::try_from(millis).unwrap() * 1000),
                },
            )?;
        }
        Ok(())
    };
    desk.house.core.db().write(at.pool(), many).await.unwrap();
}

#[tokio::test]
async fn a_long_list_is_kept_as_a_file_to_its_end() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let tenant = top.tenant().id;
    fill(&desk, &top, 1_234, "").await;
    let token = desk.token(&top, READ).await;
    let path = format!("/tenants/{tenant}/events/export?kind=signed_out");
    let csv = desk.get(&token, &path).await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"events.csv\""));
    assert_eq!(csv.header("cache-control"), Some("no-store"));
    let rows = lines(&csv);
    assert_eq!(rows.len(), 1_235);
    assert!(rows[0].starts_with("\"at\",\"kind\",\"sentence\","));
    assert!(rows[1].contains("\"number 1234\"") && rows[1_234].contains("\"number 1\""));
    let told = desk.get(&token, &format!("{path}&format=jsonl")).await;
    let rows: Vec<Value> = lines(&told).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (rows.len(), &rows[7]["detail"], &rows[7]["person"]),
        (1_234, &json!("number 1227"), &json!(null))
    );
    let array = desk.get(&token, &format!("{path}&format=json")).await.json();
    assert_eq!(array.as_array().unwrap(), &rows);
    let none = desk.get(&token, &format!("/tenants/{tenant}/events/export?kind=restored&format=json")).await;
    assert_eq!(none.json(), json!([]));
}

#[tokio::test]
async fn a_file_breaks_off_once_its_token_is_revoked() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    // More than lies in the sockets while nobody reads.
    fill(&desk, &top, 12_000, &"x".repeat(2_000)).await;
    let token = desk.issued(&top, READ, "manage", None).await;
    let mut stream = TcpStream::connect(desk.address()).await.unwrap();
    let ask = format!(
        "GET /manage/v1/tenants/{}/events/export HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        top.tenant().id,
        token.text
    );
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut seen = vec![0; 12];
    stream.read_exact(&mut seen).await.unwrap();
    assert_eq!(seen, b"HTTP/1.1 200");
    let (core, caller, operator) = (&desk.house.core, &desk.house.caller, &desk.house.operator);
    let of = (token.pool, token.application);
    application_tokens::revoke(core, caller, operator, of, token.id).await.unwrap();
    // Whether the end is told as one or as a fault is the socket's affair; what counts is that the last piece never comes.
    drop(stream.read_to_end(&mut seen).await);
    assert!(!seen.ends_with(b"\r\n0\r\n\r\n"), "{} bytes", seen.len());
    assert!(seen.len() < 12_000 * 2_000, "{} bytes", seen.len());
}

#[tokio::test]
async fn no_cell_of_a_file_is_a_formula() {
    let desk = Desk::open().await;
    let (core, caller, operator) = (&desk.house.core, &desk.house.caller, &desk.house.operator);
    let top = desk.house.pool("northwind").await;
    let named = TenantChanges {
        display_name: Some("=HYPERLINK(\"http://x\")".to_owned()),
        ..TenantChanges::default()
    };
    tenants::edit(core, caller, operator, &top, named).await.unwrap();
    let token = desk.token(&top, READ).await;
    let csv = desk.get(&token, &format!("/tenants/{}/events/export", top.tenant().id)).await.text();
    assert!(csv.contains("\"'=HYPERLINK(\"\"http://x\"\")\""), "{csv}");
    assert!(!csv.contains("\"=HYPERLINK"));
}

#[tokio::test]
async fn the_houses_events_are_the_operators() {
    let desk = Desk::open().await;
    desk.house.door(Dialect::Bookingbug, "book.example", None).await;
    let token = desk.remote(&[Scope::EventsRead], None, None).await.text;
    let seen = walk(&desk, &token, "/events?kind=door_set").await;
    assert_eq!(seen[0]["sentence"], "An operator made or changed a door (book.example at book.example)");
    let one = desk.get(&token, &format!("/events/{}", seen[0]["id"].as_str().unwrap())).await;
    assert_eq!(one.json(), seen[0]);
    assert_eq!(lines(&desk.get(&token, "/events/export?kind=door_set").await).len(), 2);
    // A program that lost a tenant's id asks for no tenant's.
    for place in ["/tenants//events", "/tenants//events/export"] {
        assert_eq!(desk.get(&token, place).await.status, 404, "{place}");
    }
}
