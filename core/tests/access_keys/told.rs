//! What keys may be told, and what they say of themselves.

use super::{member, new_key};
use doorward_core::access_keys::{
    self, Changes, KEYS_PER_PERSON, KeyState, LABEL_CHARS, LONGEST_OVERLAP, NewKey,
};
use doorward_core::{Error, Result};
use doorward_model::{RateLimit, Role};
use doorward_testkit::House;
use std::time::Duration;

fn refused_field<T>(outcome: Result<T>) -> Option<&'static str> {
    match outcome {
        Err(Error::Invalid { field, .. } | Error::Conflict { field, .. }) => Some(field),
        Ok(_) | Err(_) => None,
    }
}

#[tokio::test]
async fn labels_rates_and_ends_are_checked_when_a_key_is_made() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (person, _) = member(&house, &here, Role::User).await;
    let rate = |calls, millis| Some(RateLimit { calls, window: Duration::from_millis(millis) });
    let with_label = |label: &str| NewKey { label: label.to_owned(), ..new_key(&person) };
    let with_rate = |rate| NewKey { rate, ..new_key(&person) };
    let cases = [
        (with_label(" "), Some("label")),
        (with_label("two\nlines"), Some("label")),
        (with_label(&"ä".repeat(LABEL_CHARS + 1)), Some("label")),
        (with_label(&"ä".repeat(LABEL_CHARS)), None),
        (with_rate(rate(0, 5_000)), Some("rate")),
        (with_rate(rate(25, 0)), Some("rate")),
        (with_rate(rate(25, 1_500)), Some("rate")),
        (with_rate(rate(u32::MAX, 5_000)), Some("rate")),
        (with_rate(rate(1, 3_600_000)), None),
        (NewKey { expires_at: Some(house.clock.now()), ..new_key(&person) }, Some("expires_at")),
    ];
    for (new, refused) in cases {
        let text = format!("{new:?}");
        let made = access_keys::create(&house.core, &house.caller, &house.operator, &here, new).await;
        assert_eq!(refused_field(made), refused, "{text}");
    }
}

#[tokio::test]
async fn one_person_has_so_many_keys_and_no_more() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (person, _) = member(&house, &here, Role::User).await;
    for _ in 1..KEYS_PER_PERSON {
        super::create(&house, &house.operator, &here, &person).await.unwrap();
    }
    assert_eq!(refused_field(super::create(&house, &house.operator, &here, &person).await), Some("person"));
}

#[tokio::test]
async fn an_overlap_is_bounded() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (_, key) = member(&house, &here, Role::User).await;
    let rotate = async |overlap| {
        let (pool, id) = (key.key.pool, key.key.id);
        access_keys::rotate(&house.core, &house.caller, &house.operator, pool, id, overlap).await
    };
    assert_eq!(refused_field(rotate(LONGEST_OVERLAP + Duration::from_secs(1)).await), Some("overlap"));
    let rotated = rotate(LONGEST_OVERLAP).await.unwrap();
    assert_eq!(rotated.key.previous_until, Some(house.clock.now().plus(LONGEST_OVERLAP)));
}

#[tokio::test]
async fn a_change_touches_what_it_names_and_leaves_the_rest() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (_, issued) = member(&house, &here, Role::User).await;
    let change = async |changes| {
        let (pool, id) = (issued.key.pool, issued.key.id);
        access_keys::change(&house.core, &house.caller, &house.operator, pool, id, changes).await.unwrap()
    };
    let rate = Some(RateLimit { calls: 5, window: Duration::from_secs(2) });
    let faster = change(Changes { rate: Some(rate), ..Changes::default() }).await;
    assert_eq!((faster.rate, &faster.label), (rate, &issued.key.label));
    let named = change(Changes { label: Some(" Import ".to_owned()), ..Changes::default() }).await;
    assert_eq!((named.rate, named.label.as_str()), (rate, "Import"));
    let plain = change(Changes { rate: Some(None), ..Changes::default() }).await;
    assert_eq!((plain.rate, plain.expires_at), (None, None));
}

#[tokio::test]
async fn a_list_says_which_keys_may_be_used() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (_, issued) = member(&house, &here, Role::User).await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let (pool, id) = (issued.key.pool, issued.key.id);
    let state = async || access_keys::by_id(core, operator, pool, id).await.unwrap().state;
    assert_eq!(state().await, KeyState::Active);
    access_keys::disable(core, caller, operator, pool, id).await.unwrap();
    assert_eq!(state().await, KeyState::Disabled);
    access_keys::enable(core, caller, operator, pool, id).await.unwrap();
    let end = Some(Some(house.clock.now().plus(Duration::from_secs(1))));
    access_keys::change(core, caller, operator, pool, id, Changes { expires_at: end, ..Changes::default() })
        .await
        .unwrap();
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(state().await, KeyState::Expired);
    doorward_core::people::delete(core, caller, operator, &here, issued.key.person).await.unwrap();
    assert_eq!(state().await, KeyState::Ended);
    let enabled = access_keys::enable(core, caller, operator, pool, id).await;
    assert_eq!(refused_field(enabled), Some("key"));
    let rotated = access_keys::rotate(core, caller, operator, pool, id, Duration::ZERO).await;
    assert_eq!(refused_field(rotated), Some("person"));
}
