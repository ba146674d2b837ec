//! A door in all trees: for operators.

use super::{DAY, MONTH, door, member, through};
use crate::tree::{actor, is_not_allowed, is_not_found, try_sign_in_with};
use doorward_core::tenants;
use doorward_core::usage::{self, Everywhere};
use doorward_model::{DoorId, Role, Sort};
use doorward_testkit::{House, PASSWORD};
use uuid::Uuid;

async fn told(house: &House, id: DoorId) -> Everywhere {
    usage::flush(&house.core).await.unwrap();
    usage::everywhere(&house.core, &house.operator, id, MONTH).await.unwrap()
}

/// The tops that use a door, with how often, page by page.
async fn trees(house: &House, id: DoorId, rows: usize) -> Vec<(String, i64)> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = usage::trees(&house.core, &house.operator, (id, MONTH), after, rows).await.unwrap();
        assert!(page.items.len() <= rows);
        found.extend(page.items.iter().map(|it| (it.top.tenant().slug.as_str().to_owned(), it.uses)));
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

#[tokio::test]
async fn a_door_is_told_of_with_every_tree_that_uses_it() {
    let house = House::start().await;
    let (id, unused) = (door(&house, "login.example").await, door(&house, "old.example").await);
    for slug in ["harbour", "quayside", "quiet", "pier"] {
        let top = house.pool(slug).await;
        let spa = house.child(&format!("{slug}-spa"), &top).await;
        if slug != "quiet" {
            let email = format!("sue@{slug}.example");
            member(&house, &spa, &email).await;
            try_sign_in_with(&house, &through(&house, id), &spa, &email, PASSWORD).await.unwrap();
        }
    }
    let everywhere = told(&house, id).await;
    assert_eq!((everywhere.uses, everywhere.trend, everywhere.days.len()), (3, (3, 0), 30));
    assert_eq!(everywhere.days.last().map(|(_, uses)| *uses), Some(3));
    let sentence = everywhere.verdict.sentence(Sort::Doors, MONTH);
    assert_eq!(sentence, "It was used 3 times in the last 30 days.");
    let all = ["harbour", "quayside", "pier"].map(|slug| (slug.to_owned(), 1));
    for rows in [1, 2, 50] {
        assert_eq!(trees(&house, id, rows).await, all, "{rows}");
    }
    assert_eq!((told(&house, unused).await.uses, trees(&house, unused, 9).await), (0, vec![]));
    house.clock.advance(DAY * 40);
    let sentence = told(&house, id).await.verdict.sentence(Sort::Doors, MONTH);
    assert_eq!(sentence, "Nobody used it for 40 days: it can be retired.");
    assert_eq!(trees(&house, id, 9).await, []);
}

#[tokio::test]
async fn trees_are_found_behind_any_number_of_others() {
    let house = House::start().await;
    let id = door(&house, "login.example").await;
    // More than one page looks at, with users at the first, at the last of a page, and behind it.
    let mut used = Vec::new();
    for n in 0..520 {
        let top = house.pool(&format!("tree-{n}")).await;
        if matches!(n, 0 | 99 | 100 | 499 | 500 | 519) {
            let email = format!("sue@tree-{n}.example");
            member(&house, &top, &email).await;
            try_sign_in_with(&house, &through(&house, id), &top, &email, PASSWORD).await.unwrap();
            used.push((top, n));
        }
    }
    usage::flush(&house.core).await.unwrap();
    let all: Vec<_> = used.iter().map(|(_, n)| (format!("tree-{n}"), 1)).collect();
    for rows in [1, 3, 50] {
        assert_eq!(trees(&house, id, rows).await, all, "{rows}");
    }
    let first = usage::trees(&house.core, &house.operator, (id, MONTH), None, 50).await.unwrap();
    assert!(first.items.len() < all.len() && first.next.is_some(), "a page looks at so many only");
    // A suspended one uses it all the same; one that is gone stands in the sum alone.
    let House { core, caller, operator, .. } = &house;
    tenants::suspend(core, caller, operator, &used[1].0).await.unwrap();
    tenants::delete(core, caller, operator, &used[2].0).await.unwrap();
    let left: Vec<_> = all.iter().filter(|(slug, _)| slug != "tree-100").cloned().collect();
    assert_eq!(trees(&house, id, 50).await, left);
    assert_eq!(told(&house, id).await.uses, 6);
}

#[tokio::test]
async fn a_door_that_is_new_is_not_called_unused() {
    let house = House::start().await;
    let old = door(&house, "old.example").await;
    let top = house.pool("harbour").await;
    member(&house, &top, "sue@harbour.example").await;
    try_sign_in_with(&house, &through(&house, old), &top, "sue@harbour.example", PASSWORD).await.unwrap();
    usage::flush(&house.core).await.unwrap();
    house.clock.advance(DAY * 40);
    let new = door(&house, "new.example").await;
    house.clock.advance(DAY * 3);
    let told = told(&house, new).await;
    assert_eq!(
        told.verdict.sentence(Sort::Doors, MONTH),
        "Not used in the 3 days it was watched: too early to say."
    );
}

#[tokio::test]
async fn only_operators_are_told_of_a_door_in_all_trees() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (id, admin) = (door(&house, "login.example").await, actor(&house, &pool, Role::Owner).await);
    assert!(is_not_allowed(usage::everywhere(&house.core, &admin, id, MONTH).await));
    assert!(is_not_allowed(usage::trees(&house.core, &admin, (id, MONTH), None, 9).await));
    let nobody = DoorId::new(Uuid::from_u128(7));
    assert!(is_not_found(usage::everywhere(&house.core, &house.operator, nobody, MONTH).await));
}
