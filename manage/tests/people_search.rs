//! Finding people by the beginning of their e-mail or a name.

use crate::desk::{Desk, refusal};
use doorward_core::Branch;
use doorward_model::{Kind, Role};
use serde_json::json;

const READ: &[&str] = &["manage:people:read"];

async fn named(desk: &Desk, at: &Branch, email: &str, first: &str, last: &str) {
    desk.house
        .person_with(at, email, Kind::User, Role::User, |new| {
            new.profile.first_name = Some(first.to_owned());
            new.profile.last_name = Some(last.to_owned());
        })
        .await;
}

/// The addresses found at a tenant, page by page of two.
async fn found(desk: &Desk, token: &str, at: &Branch, q: &str) -> Vec<String> {
    let (mut emails, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/tenants/{}/people?limit=2&q={q}{next}", at.tenant().id);
        let page = desk.get(token, &path).await.json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2, "{page}");
        emails.extend(items.iter().map(|it| it["email"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            // People of the same word come in the order of their ids, which chance decides.
            None => break,
        }
    }
    emails.sort();
    emails
}

#[tokio::test]
async fn people_are_found_once_each_by_every_word_that_was_written() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, READ).await;
    named(&desk, &top, "ada@northwind.example", "Ada", "Lovelace").await;
    named(&desk, &top, "grace@northwind.example", "Grace", "Hopper").await;
    named(&desk, &top, "zoe@northwind.example", "Zoë", "Anne-Marie Ada").await;
    for n in 0..5 {
        named(&desk, &top, &format!("crowd{n}@northwind.example"), "Crowd", "Member").await;
    }
    for (q, expected) in [
        ("ada", &["ada@northwind.example", "zoe@northwind.example"][..]),
        ("ADA", &["ada@northwind.example", "zoe@northwind.example"]),
        ("ada+love", &["ada@northwind.example"]),
        ("love+ad", &["ada@northwind.example"]),
        ("zo%C3%8B", &["zoe@northwind.example"]),
        ("marie", &["zoe@northwind.example"]),
        ("grace%40north", &["grace@northwind.example"]),
        ("lace", &[]),
        ("%25", &[]),
        ("a_a", &[]),
        ("ada+hopper", &[]),
    ] {
        assert_eq!(found(&desk, &token, &top, q).await, expected, "{q}");
    }
    assert_eq!(found(&desk, &token, &top, "crowd").await.len(), 5);
    for nothing in ["", "+", "%20%09"] {
        let answer = desk.get(&token, &format!("/tenants/{}/people?q={nothing}", top.tenant().id)).await;
        assert_eq!((refusal(&answer).0, answer.json()["field"].clone()), (422, json!("q")), "{nothing:?}");
    }
}

#[tokio::test]
async fn a_search_reaches_down_the_tree_and_nowhere_else() {
    let desk = Desk::open().await;
    let (top, other) = (desk.house.pool("northwind").await, desk.house.pool("contoso").await);
    let (left, right) = (desk.house.child("left", &top).await, desk.house.child("right", &top).await);
    let lower = desk.house.child("lower", &left).await;
    for (at, name) in
        [(&top, "top"), (&left, "left"), (&lower, "lower"), (&right, "right"), (&other, "other")]
    {
        named(&desk, at, &format!("ada.{name}@x.example"), "Ada", name).await;
    }
    let (whole, half) = (desk.token(&top, READ).await, desk.token(&left, READ).await);
    let all = ["ada.left@x.example", "ada.lower@x.example", "ada.right@x.example", "ada.top@x.example"];
    assert_eq!(found(&desk, &whole, &top, "ada").await, all);
    assert_eq!(found(&desk, &whole, &left, "ada").await, all[..2]);
    assert_eq!(found(&desk, &half, &left, "ada").await, all[..2]);
    assert_eq!(found(&desk, &half, &lower, "ada").await, all[1..2]);
    // Where somebody is, and a cursor for what it was made for.
    let path = |at: &Branch, q: &str| format!("/tenants/{}/people?limit=1&q={q}", at.tenant().id);
    let page = desk.get(&half, &path(&left, "lower")).await.json();
    assert_eq!(page["items"][0]["tenant"], lower.tenant().id.to_string());
    let next = desk.get(&half, &path(&left, "ada")).await.json()["next"].as_str().unwrap().to_owned();
    let forged = desk.get(&half, &format!("{}&cursor={next}", path(&left, "ad"))).await;
    assert_eq!((refusal(&forged).0, forged.json()["field"].clone()), (422, json!("cursor")));
    assert_eq!(refusal(&desk.get(&half, &path(&right, "ada")).await).0, 403);
}

#[tokio::test]
async fn above_many_tenants_the_whole_pool_is_searched_and_others_left_out() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let (wide, beside) = (desk.house.child("wide", &top).await, desk.house.child("beside", &top).await);
    for n in 0..40 {
        let below = desk.house.child(&format!("below-{n}"), &wide).await;
        if n % 10 == 0 {
            named(&desk, &below, &format!("ada{n:02}@x.example"), "Ada", "Below").await;
        }
    }
    named(&desk, &beside, "ada@x.example", "Ada", "Beside").await;
    let token = desk.token(&top, READ).await;
    let here = found(&desk, &token, &wide, "ada").await;
    assert_eq!(here, ["ada00@x.example", "ada10@x.example", "ada20@x.example", "ada30@x.example"]);
}
