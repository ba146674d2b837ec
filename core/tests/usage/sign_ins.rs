//! Sign-ins of a month, by door and by day.

use super::{DAY, MONTH, door, member, through};
use crate::tree::{actor, try_sign_in_with};
use doorward_core::usage::{self, Count, Outcomes, SignIns, Through};
use doorward_core::{Branch, installation};
use doorward_model::Role;
use doorward_testkit::{House, PASSWORD};

async fn told(house: &House, at: Option<&Branch>) -> SignIns {
    usage::sign_ins(&house.core, &house.operator, at, MONTH).await.unwrap()
}

#[tokio::test]
async fn sign_ins_are_told_by_door_and_day_to_whoever_they_concern() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let caller = through(&house, door(&house, "login.example").await);
    for (at, email) in [(&spa, "sue@spa.example"), (&gym, "gus@gym.example")] {
        member(&house, at, email).await;
        try_sign_in_with(&house, &caller, at, email, PASSWORD).await.unwrap();
    }
    try_sign_in_with(&house, &caller, &gym, "gus@gym.example", "wrong").await.unwrap_err();
    usage::flush(&house.core).await.unwrap();
    let admin = actor(&house, &spa, Role::Admin).await;
    let login = Through::Door("login.example".to_owned());
    let of_gym = told(&house, Some(&gym)).await;
    let one_each = Outcomes { succeeded: 1, wrong: 1, refused: 0 };
    assert_eq!(of_gym.doors, [(login.clone(), one_each)]);
    assert_eq!(of_gym.days.len(), 30, "days without any are told of, too");
    assert_eq!(of_gym.days.last().map(|(_, outcomes)| *outcomes), Some(one_each));
    assert_eq!(of_gym.days.iter().map(|(_, outcomes)| outcomes.sum()).sum::<i64>(), 2);
    let of_house = told(&house, None).await.doors;
    assert_eq!(of_house.first(), Some(&(login, Outcomes { succeeded: 2, wrong: 1, refused: 0 })));
    let live = usage::live_sessions(&house.core, &admin, Some(&spa)).await.unwrap();
    assert_eq!(live, Count { counted: 2, is_more: false });
    assert_eq!(usage::live_sessions(&house.core, &house.operator, None).await.unwrap().counted, 3);
}

#[tokio::test]
async fn what_went_through_a_removed_door_stays_in_the_picture_without_its_name() {
    let house = House::start().await;
    let gym = house.pool("gym").await;
    member(&house, &gym, "gus@gym.example").await;
    let (old, older) = (door(&house, "old.example").await, door(&house, "older.example").await);
    for (id, days) in [(older, 1), (old, 0)] {
        try_sign_in_with(&house, &through(&house, id), &gym, "gus@gym.example", PASSWORD).await.unwrap();
        house.clock.advance(DAY * days);
    }
    usage::flush(&house.core).await.unwrap();
    let before = told(&house, Some(&gym)).await;
    for id in [old, older] {
        installation::remove_door(&house.core, &house.caller, &house.operator, id, None).await.unwrap();
    }
    let after = told(&house, Some(&gym)).await;
    assert_eq!(after.doors, [(Through::Removed, Outcomes { succeeded: 2, wrong: 0, refused: 0 })]);
    assert_eq!(after.days, before.days);
    house.clock.advance(DAY * 40);
    assert_eq!(told(&house, Some(&gym)).await.doors, [], "their month is over");
}
