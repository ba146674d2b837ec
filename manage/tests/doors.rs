//! Doors, regions and policies.

use crate::desk::{Desk, refusal};
use doorward_core::manage::Scope;
use doorward_model::{Dialect, Policy};
use serde_json::{Value, json};

fn hosts(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|it| it["host"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_operator_makes_changes_and_removes_a_door_that_opens_at_once() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.remote(&[Scope::DoorsWrite], None, None).await.text;
    let tenant = top.tenant().id.to_string();
    let new = json!({
        "name": "northwind", "host": "crm.example", "base_url": "https://crm.example", "dialect": "rubicrm",
        "tenant": tenant, "require_api_key": false, "origins": ["https://app.example"],
    });
    let made = desk.post(&token, "/doors", &[], &new).await;
    assert_eq!((made.status.as_u16(), &made.json()["tenant"]), (201, &json!(tenant)));
    assert!(desk.house.core.doors().resolve("crm.example").is_some());
    let at = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    assert_eq!(desk.get(&token, &at).await.json(), made.json());
    for (change, status, field) in [
        (json!({ "host": "other.example" }), 409, "host"),
        (json!({ "name": "other", "host": "{slug}.crm.example" }), 422, "base_url"),
        (json!({ "name": "other", "host": "id.example" }), 422, "host"),
        (json!({ "name": "other", "host": "https://crm.example" }), 422, "host"),
        (json!({ "name": "other", "base_url": "crm.example" }), 422, "base_url"),
        (json!({ "name": "other", "base_url": "https://eve@crm.example" }), 422, "base_url"),
        (json!({ "name": "a\u{7}b" }), 422, "name"),
        (json!({ "name": "other", "host": "o.example", "dialect": "klingon" }), 422, "dialect"),
        (
            json!({ "name": "other", "host": "o.example", "tenant": "018f0000-0000-7000-8000-000000000000" }),
            422,
            "tenant",
        ),
        (json!({ "name": "other", "host": "o.example", "region": "nowhere" }), 422, "region"),
        (json!({ "name": "other", "host": "o.example", "cookie_name": "a;b" }), 422, "cookie_name"),
        (json!({ "name": "other", "host": "o.example", "origins": ["app.example"] }), 422, "origins"),
        (json!({ "name": "other", "host": "o.example", "origins": "https://app.example" }), 422, "origins"),
        (json!({ "name": "other", "host": "o.example", "pool": tenant }), 422, "pool"),
    ] {
        let mut body = new.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = desk.post(&token, "/doors", &[], &body).await;
        assert_eq!((refusal(&answer).0, answer.json()["field"].clone()), (status, json!(field)), "{body}");
    }
    let mut other = new.clone();
    other["host"] = json!("new.example");
    other["base_url"] = json!("https://new.example");
    other["tenant"] = json!(null);
    let changed = desk.put(&token, &at, &other).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["id"]), (200, &made.json()["id"]));
    let doors = desk.house.core.doors();
    assert!(doors.resolve("crm.example").is_none() && doors.resolve("new.example").is_some());
    assert_eq!(desk.delete(&token, &at).await.json(), changed.json());
    assert!(desk.house.core.doors().resolve("new.example").is_none());
    for answer in
        [desk.get(&token, &at).await, desk.delete(&token, &at).await, desk.put(&token, &at, &other).await]
    {
        assert_eq!(refusal(&answer).0, 404);
    }
    let told = desk.remote(&[Scope::EventsRead], None, None).await.text;
    let events = desk.get(&told, "/events?limit=3").await.json();
    let kinds: Vec<&str> =
        events["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    for kind in ["door_set", "door_removed"] {
        let of = desk.get(&told, &format!("/events?kind={kind}")).await.json();
        assert!(!of["items"].as_array().unwrap().is_empty(), "{kind}: {kinds:?}");
    }
}

#[tokio::test]
async fn a_door_that_somebody_changed_meanwhile_is_neither_changed_nor_removed() {
    let desk = Desk::open().await;
    let token = desk.remote(&[Scope::DoorsWrite], None, None).await.text;
    let door = |host: &str| json!({ "name": "crm", "host": host, "base_url": format!("https://{host}"), "dialect": "rubicrm" });
    let made = desk.post(&token, "/doors", &[], &door("one.example")).await;
    let at = made.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    let read = desk.get(&token, &at).await;
    let old = read.header("etag").unwrap().to_owned();
    assert_eq!((made.header("etag"), &read.json()["version"]), (Some(old.as_str()), &json!(1)));
    let ask = async |method: &str, tag: &str, host: &str| {
        desk.ask(method, &token, &at, &[("if-match", tag)], &door(host)).await
    };
    let changed = ask("PUT", &old, "two.example").await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, Some("\"2\"")), "{}", changed.text());
    for method in ["PUT", "DELETE"] {
        for tag in [old.as_str(), "\"3\"", "W/\"2\"", "two"] {
            let stale = ask(method, tag, "late.example").await;
            assert_eq!(refusal(&stale), (412, "stale".to_owned()), "{method} {tag}");
        }
    }
    let kept = desk.get(&token, &at).await;
    assert_eq!((kept.json(), kept.header("etag")), (changed.json(), Some("\"2\"")));
    let doors = desk.house.core.doors();
    assert!(doors.resolve("two.example").is_some() && doors.resolve("late.example").is_none());

    let whatever = ask("PUT", "*", "three.example").await;
    assert_eq!((whatever.status.as_u16(), whatever.header("etag")), (200, Some("\"3\"")));
    let listed = desk.get(&token, "/doors").await.json();
    let tag = format!("\"{}\"", listed["items"][0]["version"]);
    assert_eq!(ask("DELETE", &tag, "").await.json(), whatever.json());
    for method in ["PUT", "DELETE"] {
        assert_eq!(refusal(&ask(method, &tag, "four.example").await).0, 404, "{method}");
    }
}

#[tokio::test]
async fn administrators_see_the_doors_that_lead_to_their_tenants() {
    let desk = Desk::open().await;
    let (top, other) = (desk.house.pool("northwind").await, desk.house.pool("contoso").await);
    let (left, right) = (desk.house.child("left", &top).await, desk.house.child("right", &top).await);
    for (host, tenant) in [
        ("open.example", None),
        ("top.example", Some(&top)),
        ("left.example", Some(&left)),
        ("right.example", Some(&right)),
        ("contoso.example", Some(&other)),
    ] {
        desk.house.clock.advance(std::time::Duration::from_secs(1));
        desk.house.door(Dialect::Rubicrm, host, tenant).await;
    }
    let at_left = desk.token(&left, &["manage:doors:read"]).await;
    let seen = desk.get(&at_left, &format!("/tenants/{}/doors", left.tenant().id)).await.json();
    assert_eq!(hosts(&seen), ["open.example", "top.example", "left.example"]);
    let at_top = desk.token(&top, &["manage:doors:read"]).await;
    let page = desk.get(&at_top, &format!("/tenants/{}/doors?limit=3", top.tenant().id)).await.json();
    let cursor = page["next"].as_str().unwrap();
    let rest =
        desk.get(&at_top, &format!("/tenants/{}/doors?limit=3&cursor={cursor}", top.tenant().id)).await;
    assert_eq!(hosts(&rest.json()), ["right.example"]);
    let all = desk.remote(&[Scope::DoorsRead], None, None).await.text;
    assert_eq!(hosts(&desk.get(&all, "/doors").await.json()).len(), 5);
}

#[tokio::test]
async fn a_region_is_set_and_set_again() {
    let desk = Desk::open().await;
    let token = desk.remote(&[Scope::RegionsWrite], None, None).await.text;
    let first = json!({ "name": "Europe", "hosts": { "api": "api.eu.example", "app": "app.eu.example" } });
    assert_eq!(desk.put(&token, "/regions/eu-1", &first).await.status, 200);
    let second = json!({ "name": "Europe", "hosts": { "app": "new.eu.example" } });
    let set = desk.put(&token, "/regions/eu-1", &second).await.json();
    assert_eq!(
        set,
        json!({ "code": "eu-1", "name": "Europe", "hosts": { "app": "new.eu.example" }, "version": 2 })
    );
    desk.put(&token, "/regions/us-1", &second).await;
    let one = desk.get(&token, "/regions/eu-1").await;
    assert_eq!((one.header("etag"), one.json()), (Some("\"2\""), set.clone()));
    for (path, status) in [("/regions/ap-1", 404), ("/regions/EU", 422)] {
        assert_eq!(refusal(&desk.get(&token, path).await).0, status, "{path}");
    }
    let top = desk.house.pool("northwind").await;
    let narrow = desk.remote(&[Scope::DoorsRead], None, None).await.text;
    let of_pool = desk.remote(&[Scope::RegionsRead], Some(&top), None).await.text;
    for token in [narrow, of_pool] {
        assert_eq!(desk.get(&token, "/regions/eu-1").await.status, 403);
    }
    let page = desk.get(&token, "/regions?limit=1").await.json();
    let rest =
        desk.get(&token, &format!("/regions?limit=1&cursor={}", page["next"].as_str().unwrap())).await.json();
    assert_eq!(
        (&page["items"][0], &rest["items"][0]["code"], &rest["next"]),
        (&set, &json!("us-1"), &json!(null))
    );
    for (path, body, field) in [
        ("/regions/EU", json!({ "name": "x", "hosts": {} }), "code"),
        ("/regions/eu", json!({ "name": "", "hosts": {} }), "name"),
        ("/regions/eu", json!({ "name": "x" }), "hosts"),
        ("/regions/eu", json!({ "name": "x", "hosts": { "api": 7 } }), "hosts"),
        ("/regions/eu", json!({ "name": "x", "hosts": { "api": "a\r\nb" } }), "hosts"),
    ] {
        let answer = desk.put(&token, path, &body).await;
        assert_eq!(
            (refusal(&answer).0, answer.json()["field"].clone()),
            (422, json!(field)),
            "{path} {body}"
        );
    }
}

#[tokio::test]
async fn a_region_that_somebody_changed_meanwhile_stays_as_it_is() {
    let desk = Desk::open().await;
    let token = desk.remote(&[Scope::RegionsWrite], None, None).await.text;
    let set = async |tag: &str, name: &str| {
        let body = json!({ "name": name, "hosts": {} });
        desk.ask("PUT", &token, "/regions/eu-1", &[("if-match", tag)], &body).await
    };
    // Nobody has read what is not there.
    for tag in ["\"0\"", "\"1\"", "*"] {
        assert_eq!(refusal(&set(tag, "Early").await), (412, "stale".to_owned()), "{tag}");
    }
    let made = desk.put(&token, "/regions/eu-1", &json!({ "name": "Europe", "hosts": {} })).await;
    let old = made.header("etag").unwrap().to_owned();
    let changed = set(&old, "Europe 1").await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, Some("\"2\"")), "{}", changed.text());
    assert_eq!(refusal(&set(&old, "Late").await), (412, "stale".to_owned()));
    let listed = desk.get(&token, "/regions").await.json();
    assert_eq!(listed["items"], json!([changed.json()]));
    let tag = format!("\"{}\"", listed["items"][0]["version"]);
    assert_eq!(set(&tag, "Europe 2").await.header("etag"), Some("\"3\""));
    assert_eq!(set("*", "Europe 3").await.json()["version"], 4);
}

#[tokio::test]
async fn a_policy_says_where_each_value_comes_from() {
    let desk = Desk::open().await;
    let strict = Policy { password_min_length: Some(20), mails_per_hour: Some(7), ..Policy::default() };
    let top = desk.house.tenant("northwind", None, None, strict).await;
    let own = Policy { mails_per_hour: Some(5), ..Policy::default() };
    let below = desk.house.tenant("below", None, Some(&top), own).await;
    let token = desk.token(&below, &["manage:policy:read"]).await;
    let told = desk.get(&token, &format!("/tenants/{}/policy", below.tenant().id)).await.json();
    assert_eq!(
        told["password_min_length"],
        json!({ "value": 20, "source": "inherited", "tenant": top.tenant().id.to_string() })
    );
    assert_eq!(told["mails_per_hour"], json!({ "value": 5, "source": "own", "tenant": null }));
    assert_eq!(
        told["key_rate"],
        json!({ "value": { "calls": 25, "seconds": 5.0 }, "source": "usual", "tenant": null })
    );
    assert_eq!(told["session_idle"]["value"], 30 * 24 * 60 * 60);
}

#[tokio::test]
async fn a_policy_is_changed_value_by_value_and_quotas_are_an_operators() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let path = format!("/tenants/{}/policy", top.tenant().id);
    let reading = desk.token(&top, &["manage:policy:read"]).await;
    let set = json!({ "password_min_length": 18, "session_idle": 3600, "allow_login": false,
                      "key_rate": { "calls": 9, "seconds": 2 }, "callbacks": ["https://a.example/x"] });
    assert_eq!(desk.ask("PATCH", &reading, &path, &[], &set).await.status.as_u16(), 403);
    let token = desk.token(&top, &["manage:policy:write"]).await;
    let told = desk.ask("PATCH", &token, &path, &[], &set).await.json();
    assert_eq!(told["password_min_length"], json!({ "value": 18, "source": "own", "tenant": null }));
    assert_eq!(told["key_rate"]["value"], json!({ "calls": 9, "seconds": 2.0 }));
    assert_eq!(told["callbacks"]["value"], json!(["https://a.example/x"]));
    let told = desk.ask("PATCH", &token, &path, &[], &json!({ "session_idle": null })).await.json();
    assert_eq!(
        (&told["session_idle"]["source"], &told["allow_login"]["value"]),
        (&json!("usual"), &json!(false))
    );
    for (body, field) in [
        (json!({ "password_min_length": 7 }), "password_min_length"),
        (json!({ "password_min_length": "18" }), "password_min_length"),
        (json!({ "password_max_bytes": 12 }), "password_max_bytes"),
        (json!({ "reset_lifetime": 86_401 }), "reset_lifetime"),
        (json!({ "key_rate": { "calls": 9 } }), "key_rate"),
        (json!({ "key_rate": { "calls": 0, "seconds": 1 } }), "key_rate"),
        (json!({ "origins": ["https://a.example/x"] }), "origins"),
        (json!({ "callbacks": ["ftp://a.example"] }), "callbacks"),
        (json!({ "allow_logins": true }), "allow_logins"),
    ] {
        let answer = desk.ask("PATCH", &token, &path, &[], &body).await;
        assert_eq!((refusal(&answer).0, answer.json()["field"].clone()), (422, json!(field)), "{body}");
    }
    let quota = json!({ "mails_per_hour": 1_000_000 });
    assert_eq!(desk.ask("PATCH", &token, &path, &[], &quota).await.status.as_u16(), 403);
    let all = desk.remote(&[Scope::Everything], None, None).await.text;
    assert_eq!(
        desk.ask("PATCH", &all, &path, &[], &quota).await.json()["mails_per_hour"]["value"],
        1_000_000
    );
}
