//! Who still uses what: listed, one by one, with the people, and kept as files.

use crate::desk::{Desk, refusal};
use doorward_core::manage::Scope;
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, Wanted};
use doorward_core::{Branch, Caller, usage};
use doorward_model::{Dialect, Kind, Role, Secret, SessionScheme};
use doorward_testkit::PASSWORD;
use serde_json::json;
use std::collections::BTreeSet;

const READ: &[&str] = &["manage:usage:read", "manage:events:read"];

/// Signs somebody new in through the door of this host, and writes down that it was used.
async fn come(desk: &Desk, at: &Branch, email: &str, host: &str) {
    let house = &desk.house;
    house.person(at, email, Kind::Member, Role::User).await;
    let door = house.core.doors().resolve(host).unwrap().door.id;
    let caller = Caller { door: Some(door), ..house.caller.clone() };
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: at.pool(), tenant: at.tenant().id, kinds: &[Kind::Member] },
        email: email.to_owned(),
        password: Secret::new(PASSWORD),
        application: None,
        session: SessionWish::Open(SessionScheme::Cookie),
    };
    sign_in::with_password(&house.core, &caller, attempt).await.unwrap();
    usage::flush(&house.core).await.unwrap();
}

#[tokio::test]
async fn a_door_tells_who_uses_it_and_each_day_and_is_kept_as_a_file() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    desk.house.door(Dialect::Salesseek, "crm.example", None).await;
    come(&desk, &top, "ada@northwind.example", "crm.example").await;
    let token = desk.token(&top, READ).await;
    let path = format!("/tenants/{}/usage", top.tenant().id);
    let page = desk.get(&token, &format!("{path}/doors")).await.json();
    assert_eq!((&page["items"].as_array().unwrap().len(), &page["next"]), (&1, &json!(null)));
    let door = &page["items"][0];
    for (field, value) in [
        ("sort", json!("doors")),
        ("name", json!("crm.example")),
        ("uses", json!(1)),
        ("uses_last_30_days", json!(1)),
        ("uses_30_days_before", json!(0)),
        ("people", json!(1)),
        ("more_people", json!(false)),
        ("verdict", json!("used")),
        ("sentence", json!("1 person still uses it.")),
    ] {
        assert_eq!(door[field], value, "{field}");
    }
    let one = format!("{path}/doors/{}", door["id"].as_str().unwrap());
    let detail = desk.get(&token, &format!("{one}?days=7")).await.json();
    assert_eq!(detail["usage"]["name"], "crm.example");
    assert_eq!(detail["days"].as_array().unwrap().len(), 7);
    assert_eq!(detail["days"][6], json!({ "day": "2026-11-22", "uses": 1 }));
    assert_eq!(detail["counted_since"], "2026-11-22");
    let people = desk.get(&token, &format!("{one}/people")).await.json();
    assert_eq!(
        (&people["items"][0]["email"], &people["items"][0]["days"]),
        (&json!("ada@northwind.example"), &json!(1))
    );
    let file = desk.get(&token, &format!("{one}/people/export")).await;
    assert!(file.text().starts_with("\"person\",\"name\",\"email\""), "{}", file.text());
    assert!(file.text().contains("ada@northwind.example"));
    let file = desk.get(&token, &format!("{path}/doors/export?format=csv")).await;
    assert!(file.text().contains("\"crm.example\"") && file.text().contains("1 person still uses it."));
    // Whoever takes names and addresses away is in the audit trail.
    let taken = desk.get(&token, &format!("/tenants/{}/events?kind=export_taken", top.tenant().id)).await;
    let taken = taken.json();
    let details = taken["items"].as_array().unwrap().iter().map(|it| it["detail"].as_str().unwrap());
    let details: BTreeSet<_> = details.collect();
    assert_eq!(details, ["usage people, directly", "usage, directly"].into());
    let kinds = desk.get(&token, &format!("{path}/hashes")).await.json();
    let kind = &kinds["items"][0];
    assert_eq!((&kind["verdict"], &kind["people"]), (&json!("current"), &json!(1)));
    let id = kind["id"].as_str().unwrap().replace('$', "%24").replace('=', "%3D").replace(',', "%2C");
    let have = desk.get(&token, &format!("{path}/hashes/{id}/people")).await.json();
    assert_eq!(have["items"][0]["email"], "ada@northwind.example");
}

#[tokio::test]
async fn a_tenants_token_sees_its_own_and_pages_go_on() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let (spa, gym) = (desk.house.child("spa", &top).await, desk.house.child("gym", &top).await);
    desk.house.door(Dialect::Salesseek, "crm.example", None).await;
    for (at, email) in [(&spa, "s1@spa.example"), (&spa, "s2@spa.example"), (&gym, "g@gym.example")] {
        come(&desk, at, email, "crm.example").await;
    }
    let token = desk.token(&spa, READ).await;
    let at = |branch: &Branch| format!("/tenants/{}/usage/doors", branch.tenant().id);
    let door = desk.get(&token, &at(&spa)).await.json()["items"][0].clone();
    assert_eq!(door["people"], 2);
    let people = format!("{}/{}/people?limit=1", at(&spa), door["id"].as_str().unwrap());
    let first = desk.get(&token, &people).await.json();
    let next = first["next"].as_str().unwrap();
    let second = desk.get(&token, &format!("{people}&cursor={next}")).await.json();
    assert_eq!(second["next"], json!(null));
    let mut both = [&first, &second].map(|page| page["items"][0]["email"].as_str().unwrap().to_owned());
    both.sort();
    assert_eq!(both, ["s1@spa.example", "s2@spa.example"]);
    for other in [&top, &gym] {
        assert_eq!(refusal(&desk.get(&token, &at(other)).await), (403, "forbidden".to_owned()));
    }
    for (path, code) in [
        (format!("{}?days=31", at(&spa)), 422),
        (format!("/tenants/{}/usage/windows", spa.tenant().id), 404),
        (format!("{}/018f0000-0000-7000-8000-000000000000", at(&spa)), 404),
        (format!("{}/no-id/people", at(&spa)), 404),
    ] {
        assert_eq!(refusal(&desk.get(&token, &path).await).0, code, "{path}");
    }
}

#[tokio::test]
async fn a_door_tells_operators_which_trees_use_it() {
    let desk = Desk::open().await;
    desk.house.door(Dialect::Salesseek, "crm.example", None).await;
    for slug in ["northwind", "southwind"] {
        let top = desk.house.pool(slug).await;
        come(&desk, &top, &format!("ada@{slug}.example"), "crm.example").await;
    }
    let token = desk.remote(&[Scope::UsageRead, Scope::DoorsRead], None, None).await.text;
    let door = desk.get(&token, "/doors").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/doors/{door}/usage");
    let told = desk.get(&token, &format!("{path}?days=7")).await.json();
    for (field, value) in [
        ("name", json!("crm.example")),
        ("uses", json!(2)),
        ("uses_30_days_before", json!(0)),
        ("verdict", json!("used")),
        ("sentence", json!("It was used 2 times in the last 7 days.")),
    ] {
        assert_eq!(told[field], value, "{field}");
    }
    assert_eq!(told["days"][6], json!({ "day": "2026-11-22", "uses": 2 }));
    let (mut slugs, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = desk.get(&token, &format!("{path}/trees{query}")).await.json();
        let items = page["items"].as_array().unwrap();
        slugs.extend(items.iter().map(|it| (it["slug"].clone(), it["uses"].clone())));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=1&cursor={next}");
    }
    assert_eq!(slugs, [(json!("northwind"), json!(1)), (json!("southwind"), json!(1))]);
    let file = desk.get(&token, &format!("{path}/trees/export")).await.text();
    let heads =
        "\"tenant\",\"slug\",\"name\",\"last_used\",\"uses\",\"uses_last_30_days\",\"uses_30_days_before\"";
    assert_eq!((file.lines().next(), file.lines().count()), (Some(heads), 3));
    let other = format!("/doors/{}/usage", "00000000-0000-4000-8000-000000000007");
    assert_eq!(refusal(&desk.get(&token, &other).await).0, 404);
    // What is used by whom is nobody's business below.
    let top = desk.house.pool("westwind").await;
    let below = desk.token(&top, READ).await;
    for path in [path.clone(), format!("{path}/trees"), format!("{path}/trees/export")] {
        assert_eq!(refusal(&desk.get(&below, &path).await).0, 403, "{path}");
    }
}
