//! The tree.

use crate::desk::Desk;
use doorward_core::manage::Scope;
use doorward_core::tenants;
use serde_json::Value;

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
