//! How a node did in the last hour, for its operators.

use crate::tree::{actor, is_not_allowed, sign_in};
use doorward_core::pulse;
use doorward_core::usage::Count;
use doorward_model::{Kind, Role};
use doorward_testkit::House;

/// A hash is counted a moment after its answer.
async fn counted(house: &House, hashes: u64) {
    while house.core.hashes().stats().finished < hashes {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn each_minute_tells_what_came_since_the_one_before() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let (core, operator) = (&house.core, &house.operator);
    counted(&house, 1).await;
    pulse::beat(core).await.unwrap();
    house.clock.advance(pulse::INTERVAL);
    sign_in(&house, &pool, "ada@harbour.example").await;
    sign_in(&house, &pool, "ada@harbour.example").await;
    counted(&house, 3).await;
    pulse::beat(core).await.unwrap();
    let beats = pulse::beats(core, operator).await.unwrap();
    let [first, minute, now] = beats.as_slice() else { panic!("{beats:?}") };
    assert_eq!((first.hashed, minute.hashed, now.hashed), (1, 2, 0));
    assert_eq!(first.sessions.counted, 0);
    assert_eq!(minute.sessions, Count { counted: 2, is_more: false });
    assert_eq!(minute.at, first.at.plus(pulse::INTERVAL));
    assert_eq!((now.waiting, now.refused), (0, 0));
    // An hour is kept.
    for _ in 0..pulse::KEPT {
        house.clock.advance(pulse::INTERVAL);
        pulse::beat(core).await.unwrap();
    }
    let beats = pulse::beats(core, operator).await.unwrap();
    assert_eq!(beats.len(), pulse::KEPT + 1);
    assert!(beats.iter().all(|beat| beat.hashed == 0), "{beats:?}");
}

#[tokio::test]
async fn it_is_told_to_operators_only() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let owner = actor(&house, &pool, Role::Owner).await;
    assert!(is_not_allowed(pulse::beats(&house.core, &owner).await));
}
