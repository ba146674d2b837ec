//! Every address we print answers: log in, follow every link from page to page, and find no dead end.

use crate::harbour::{BASE, Harbour};
use doorward_testkit::PASSWORD;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn links(body: &Value, found: &mut Vec<String>) {
    match body {
        Value::Object(object) => {
            if let Some(href) = object.get("href").and_then(Value::as_str) {
                found.push(href.to_owned());
            }
            object.values().for_each(|value| links(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| links(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every object that stands for something has an address of its own.
fn assert_named(body: &Value, at: &str) {
    assert!(body["_links"]["self"]["href"].is_string(), "{at} does not name itself: {body}");
    let embedded =
        body.get("_embedded").and_then(Value::as_object).into_iter().flat_map(|lists| lists.values());
    for item in embedded.filter_map(Value::as_array).flatten() {
        assert_named(item, at);
    }
}

async fn crawl(harbour: &Harbour, token: &str, start: &Value) -> usize {
    let mut seen = BTreeSet::new();
    let mut waiting = Vec::new();
    links(start, &mut waiting);
    while let Some(href) = waiting.pop() {
        if !seen.insert(href.clone()) {
            continue;
        }
        let path = href.strip_prefix(BASE).unwrap_or_else(|| panic!("{href} leads away"));
        let answer = harbour.with(token, "GET", path).await;
        assert_eq!(answer.status, 200, "{href}: {}", answer.text());
        assert_named(&answer.json(), &href);
        links(&answer.json(), &mut waiting);
    }
    seen.len()
}

#[tokio::test]
async fn every_link_from_an_owners_login_answers() {
    let harbour = Harbour::open().await;
    let token = harbour.token("owner@harbour.example", 37_001).await;
    for n in 0..3 {
        let body =
            json!({ "name": "Extra", "email": format!("extra{n}@harbour.example"), "password": PASSWORD });
        harbour.put(&token, "POST", "/admin/37002/administrators", body).await;
    }
    let login = harbour.with(&token, "GET", "/login").await.json();
    assert_named(&login, "login");
    assert!(crawl(&harbour, &token, &login).await > 10);
    let list = harbour.with(&token, "GET", "/admin/37002/administrators?per_page=2").await.json();
    crawl(&harbour, &token, &list).await;
}

#[tokio::test]
async fn every_link_of_people_with_less_answers() {
    let harbour = Harbour::open().await;
    for (email, company) in [
        ("owner@harbour.example", 37_002),
        ("shared@harbour.example", 37_002),
        ("shared@harbour.example", 37_003),
        ("member@harbour.example", 37_002),
    ] {
        let token = harbour.token(email, company).await;
        let login = harbour.with(&token, "GET", "/login").await.json();
        crawl(&harbour, &token, &login).await;
    }
}

#[tokio::test]
async fn every_link_of_a_choice_answers_once_it_is_made() {
    let harbour = Harbour::open().await;
    let choice = harbour.log_in("/login", "shared@harbour.example", None).await.json();
    assert_named(&choice, "choice");
    for administrator in choice["_embedded"]["administrators"].as_array().unwrap() {
        let login = administrator["_links"]["login"]["href"].as_str().unwrap();
        let chosen = harbour.log_in(login.strip_prefix(BASE).unwrap(), "shared@harbour.example", None).await;
        let token = chosen.header("auth-token").unwrap();
        crawl(&harbour, token, &json!([administrator, choice["_links"]])).await;
    }
}
