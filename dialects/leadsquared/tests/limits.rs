//! The rate limit: exact at the edge, and nobody else's to use up.

use crate::office::{ABROAD, HOME, Office, exception};
use doorward_core::access_keys::{self, NewKey};
use doorward_model::{Kind, Policy, RateLimit, Role};
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);

fn refusal(calls: u32, seconds: u64) -> (u16, String, String) {
    let text = format!("API calls exceeded the limit of {calls} in {seconds} second(s)");
    (429, "MXAPIRateLimitExceededException".to_owned(), text)
}

#[tokio::test]
async fn call_25_passes_call_26_does_not_and_the_edge_is_exact() {
    let office = Office::open().await;
    for call in 1..=25 {
        assert_eq!(office.ask_with(&office.key).await.status, 200, "call {call}");
    }
    let answer = office.ask_with(&office.key).await;
    assert_eq!(exception(&answer), refusal(25, 5));
    assert_eq!(answer.header("retry-after"), Some("5"));

    office.house.clock.advance(Duration::from_secs(5) - MICROSECOND);
    let answer = office.ask_with(&office.key).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("1")));
    office.house.clock.advance(MICROSECOND);
    assert_eq!(office.ask_with(&office.key).await.status, 200);
}

#[tokio::test]
async fn the_window_slides_call_by_call() {
    let office = Office::open().await;
    let slow = office.key(Some(RateLimit { calls: 2, window: Duration::from_secs(2) })).await;
    let ask = async || office.ask_with(&slow).await.status.as_u16();
    let clock = &office.house.clock;
    assert_eq!(ask().await, 200);
    clock.advance(Duration::from_millis(1_500));
    assert_eq!([ask().await, ask().await], [200, 429]);
    clock.advance(Duration::from_millis(500));
    assert_eq!([ask().await, ask().await], [200, 429]);
    clock.advance(Duration::from_millis(1_500));
    assert_eq!([ask().await, ask().await], [200, 429]);
}

#[tokio::test]
async fn a_key_has_a_limit_of_its_own_and_says_so() {
    let office = Office::open().await;
    let slow = office.key(Some(RateLimit { calls: 5, window: Duration::from_secs(2) })).await;
    for _ in 0..5 {
        assert_eq!(office.ask_with(&slow).await.status, 200);
    }
    assert_eq!(exception(&office.ask_with(&slow).await), refusal(5, 2));
    assert_eq!(office.ask_with(&office.key).await.status, 200);
}

#[tokio::test]
async fn one_window_counts_at_every_host() {
    let office = Office::open().await;
    for call in 0..25 {
        let host = if call % 2 == 0 { HOME } else { ABROAD };
        assert_eq!(office.ask(host, office.access_key(), office.secret_key()).await.status, 200);
    }
    assert_eq!(office.ask(ABROAD, office.access_key(), office.secret_key()).await.status, 429);
}

#[tokio::test]
async fn wrong_pairs_are_limited_by_address_and_starve_nobody() {
    let office = Office::open().await;
    for _ in 0..25 {
        assert_eq!(office.ask(HOME, office.access_key(), "0000").await.status, 401);
    }
    assert_eq!(exception(&office.ask(HOME, office.access_key(), "0000").await), refusal(25, 5));
    assert_eq!(office.ask(HOME, "u$r00000000000000000000000000000000", "0000").await.status, 429);
    for call in 1..=25 {
        assert_eq!(office.ask_with(&office.key).await.status, 200, "call {call}");
    }
    office.house.clock.advance(Duration::from_secs(5));
    assert_eq!(office.ask(HOME, office.access_key(), "0000").await.status, 401);
}

#[tokio::test]
async fn refused_calls_do_not_count() {
    let office = Office::open().await;
    let slow = office.key(Some(RateLimit { calls: 1, window: Duration::from_secs(2) })).await;
    assert_eq!(office.ask_with(&slow).await.status, 200);
    for _ in 0..3 {
        office.house.clock.advance(Duration::from_millis(600));
        assert_eq!(office.ask_with(&slow).await.status, 429);
    }
    office.house.clock.advance(Duration::from_millis(200));
    assert_eq!(office.ask_with(&slow).await.status, 200);
}

#[tokio::test]
async fn a_tenants_limit_holds_for_keys_that_have_none_of_their_own() {
    let office = Office::open().await;
    let slow = RateLimit { calls: 2, window: Duration::from_secs(1) };
    let policy = Policy { key_rate: Some(slow), ..Policy::default() };
    let house = &office.house;
    let org = house.tenant("slow-school", None, None, policy).await;
    let person = house.person(&org, "sam@slow.example", Kind::User, Role::User).await;
    let new = |rate| NewKey { person: person.id, label: "One".to_owned(), rate, expires_at: None };
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let plain = access_keys::create(core, caller, operator, &org, new(None)).await.unwrap();
    let own = RateLimit { calls: 1, window: Duration::from_secs(1) };
    let own = access_keys::create(core, caller, operator, &org, new(Some(own))).await.unwrap();
    for _ in 0..2 {
        assert_eq!(office.ask_with(&plain).await.status, 200);
    }
    assert_eq!(exception(&office.ask_with(&plain).await), refusal(2, 1));
    assert_eq!(office.ask_with(&own).await.status, 200);
    assert_eq!(exception(&office.ask_with(&own).await), refusal(1, 1));
}
