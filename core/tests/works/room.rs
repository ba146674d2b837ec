//! How many works may be kept, and how often a file may be looked through.

use super::{begin, cancel, check, crowd, export, plainly, to_the_end};
use doorward_core::works::{
    CHECKED_KEPT, CHECKS_PER_HOUR, Export, KEPT_AT_TENANT, KEPT_IN_POOL, KEPT_IN_POOL_FIRST,
};
use doorward_core::{Branch, Error};
use doorward_model::Work;
use doorward_testkit::House;
use std::time::Duration;

fn is_full(begun: &Result<Work, Error>, whose: &str) -> bool {
    matches!(begun, Err(Error::Conflict { field: "work", problem }) if problem.contains(whose))
}

/// Keeps as many at a tenant as may be.
async fn fill(house: &House, at: &Branch) -> Work {
    for _ in 1..KEPT_AT_TENANT {
        check(house, at, crowd(1)).await.unwrap();
    }
    check(house, at, crowd(1)).await.unwrap()
}

#[tokio::test]
async fn a_tenant_that_keeps_what_it_may_takes_no_room_of_another() {
    let house = House::start().await;
    let top = house.pool("top").await;
    let (one, other) = (house.child("one", &top).await, house.child("other", &top).await);
    let last = fill(&house, &one).await;
    let begun = check(&house, &one, crowd(1)).await;
    assert!(is_full(&begun, "of this tenant"), "{begun:?}");
    begin(&house, &house.operator, &other, plainly(crowd(1))).await.unwrap();
    begin(&house, &house.operator, &top, plainly(crowd(1))).await.unwrap();
    // What is discarded gives its place back at once.
    cancel(&house, &one, &last).await;
    check(&house, &one, crowd(1)).await.unwrap();
}

#[tokio::test]
async fn a_tree_keeps_so_many_and_more_once_nobody_started_them() {
    let house = House::start().await;
    let top = house.pool("top").await;
    for n in 0..KEPT_IN_POOL / KEPT_AT_TENANT {
        fill(&house, &house.child(&format!("child{n}"), &top).await).await;
    }
    // They are not in the way of who keeps none yet, as long as those are not too many.
    check(&house, &top, crowd(1)).await.unwrap();
    let begun = check(&house, &top, crowd(1)).await;
    assert!(is_full(&begun, "this tree keeps 21 imports and exports already"), "{begun:?}");
    for n in 1..KEPT_IN_POOL_FIRST - KEPT_IN_POOL {
        check(&house, &house.child(&format!("first{n}"), &top).await, crowd(1)).await.unwrap();
    }
    let begun = check(&house, &house.child("late", &top).await, crowd(1)).await;
    assert!(is_full(&begun, "this tree keeps 40 imports and exports already"), "{begun:?}");
    let elsewhere = house.pool("elsewhere").await;
    export(&house, &house.operator, &elsewhere, Export::People).await.unwrap();
    // Before anything is swept.
    house.clock.advance(CHECKED_KEPT);
    check(&house, &house.child("later", &top).await, crowd(1)).await.unwrap();
}

#[tokio::test]
async fn what_leaves_nothing_to_fetch_gives_its_place_back_at_its_end() {
    let house = House::start().await;
    let here = house.pool("here").await;
    for n in 0..=KEPT_AT_TENANT {
        let work = export(&house, &house.operator, &here, Export::People).await.unwrap();
        cancel(&house, &here, &work).await;
        let email = format!("a{n}@here.example");
        let one = plainly(super::sheet(&["email"], &[&[&email]]));
        let work = begin(&house, &house.operator, &here, one).await.unwrap();
        to_the_end(&house, &here, &work).await;
    }
    for _ in 0..KEPT_AT_TENANT {
        let work = export(&house, &house.operator, &here, Export::People).await.unwrap();
        to_the_end(&house, &here, &work).await;
    }
    let begun = export(&house, &house.operator, &here, Export::People).await;
    assert!(is_full(&begun, "of this tenant"), "files that are done are kept: {begun:?}");
}

#[tokio::test]
async fn whoever_asks_file_by_file_which_addresses_are_known_is_slowed_down() {
    let house = House::start().await;
    let (here, there) = (house.pool("here").await, house.pool("there").await);
    for _ in 0..CHECKS_PER_HOUR {
        let work = check(&house, &here, crowd(1)).await.unwrap();
        cancel(&house, &here, &work).await;
    }
    let begun = check(&house, &here, crowd(1)).await;
    assert!(matches!(begun, Err(Error::Throttled { .. })), "{begun:?}");
    check(&house, &there, crowd(1)).await.unwrap();
    house.clock.advance(Duration::from_secs(3_601));
    check(&house, &here, crowd(1)).await.unwrap();
}
