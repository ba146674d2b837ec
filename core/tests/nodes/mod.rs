//! What nodes of one installation do together. Only where they can be several: on PostgreSQL, where `./test` runs these
//! tests a second time.

use doorward_core::leases::{self, Work};
use doorward_core::{Clock, Error, access_keys, digests, verify};
use doorward_model::{Kind, RateLimit, Role, Timestamp};
use doorward_testkit::House;
use std::time::Duration;
use tokio::task::JoinSet;

const KEYS: &str = r#"{"version": 1, "keys": [{"id": "00000001", "created": 1,
    "secret": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYzE="}]}"#;
const LIMIT: RateLimit = RateLimit { calls: 10, window: Duration::from_secs(5) };

async fn nodes() -> Option<[House; 2]> {
    let clock = Clock::manual(Timestamp::from_micros(1_795_341_600_123_456));
    let one = House::with_keys(clock, KEYS).await;
    let two = one.beside(KEYS).await?;
    Some([one, two])
}

async fn key(house: &House) -> access_keys::IssuedKey {
    let here = house.pool("here").await;
    let person = house.person(&here, "ada@here.example", Kind::User, Role::User).await;
    let new = access_keys::NewKey {
        person: person.id,
        label: "Export".to_owned(),
        rate: Some(LIMIT),
        expires_at: None,
    };
    access_keys::create(&house.core, &house.caller, &house.operator, &here, new).await.unwrap()
}

async fn call(house: &House, key: &access_keys::IssuedKey) -> Result<(), Error> {
    let name = key.key.name.as_str();
    verify::access_key(&house.core, &house.caller, name, &key.secret).await.map(|_identity| ())
}

#[tokio::test]
async fn the_calls_of_a_key_are_counted_together_and_exactly() {
    let Some(houses) = nodes().await else { return };
    let (clock, key) = (&houses[0].clock, key(&houses[0]).await);
    for call_number in 0..LIMIT.calls as usize {
        assert!(call(&houses[call_number % 2], &key).await.is_ok(), "{call_number}");
        clock.advance(Duration::from_millis(100));
    }
    for house in &houses {
        let refused = call(house, &key).await;
        let Err(Error::RateLimited { limit, retry_after }) = refused else { panic!("{refused:?}") };
        assert_eq!((limit, retry_after), (LIMIT, Duration::from_secs(4)));
    }
    // The first call leaves the window, and makes room for one, at whichever node.
    clock.advance(Duration::from_secs(4));
    assert!(call(&houses[1], &key).await.is_ok());
    for house in &houses {
        assert!(matches!(call(house, &key).await, Err(Error::RateLimited { .. })));
    }
}

#[tokio::test]
async fn a_clock_that_ran_ahead_shuts_nobody_out() {
    let Some([one, _two]) = nodes().await else { return };
    let key = key(&one).await;
    let ahead = one.clock.now().plus(Duration::from_secs(3_600));
    let (pool, id) = (key.key.pool, key.key.id);
    let put = move |tx: &mut doorward_store::Tx<'_>| {
        let passed = std::iter::repeat_n(ahead, LIMIT.calls as usize);
        doorward_store::key_windows::put(tx, id, passed, ahead.plus(LIMIT.window))
    };
    one.core.db().write(pool, put).await.unwrap();
    assert!(call(&one, &key).await.is_ok());
}

#[tokio::test]
async fn calls_at_the_same_moment_share_the_window_too() {
    let Some(houses) = nodes().await else { return };
    let key = key(&houses[0]).await;
    let (name, secret) = (key.key.name, key.secret);
    let mut calls = JoinSet::new();
    for number in 0..30 {
        let (house, name, secret) = (&houses[number % 2], name.clone(), secret.clone());
        let (core, caller) = (house.core.clone(), house.caller.clone());
        calls.spawn(async move { verify::access_key(&core, &caller, name.as_str(), &secret).await.is_ok() });
    }
    let passed = calls.join_all().await.into_iter().filter(|passed| *passed).count();
    assert_eq!(passed, LIMIT.calls as usize);
}

#[tokio::test]
async fn work_is_done_by_one_node_at_a_time() {
    let Some([one, two]) = nodes().await else { return };
    let span = Duration::from_secs(60);
    let claim = async |house: &House| leases::claim(&house.core, Work::Sweep, span).await.unwrap();
    assert!(claim(&one).await);
    assert!(!claim(&two).await);
    one.clock.advance(Duration::from_secs(59));
    assert!(claim(&one).await, "it goes on");
    one.clock.advance(span);
    assert!(claim(&two).await, "whoever had it is gone");
    assert!(!claim(&one).await);
}

#[tokio::test]
async fn one_node_tells_digests_and_another_goes_on_where_it_died() {
    let Some(houses) = nodes().await else { return };
    let here = houses[0].pool("here").await;
    let change = |new: &mut doorward_core::people::NewPerson| new.notifications.morning = true;
    let person = houses[0].person_with(&here, "ada@here.example", Kind::User, Role::User, change).await;
    assert_eq!(digests::round(&houses[0].core).await.unwrap(), digests::Round::Done);
    let new =
        access_keys::NewKey { person: person.id, label: "Export".to_owned(), rate: None, expires_at: None };
    let (core, caller) = (&houses[0].core, &houses[0].caller);
    access_keys::create(core, caller, &houses[0].operator, &here, new).await.unwrap();
    houses[0].clock.advance(Duration::from_secs(24 * 60 * 60));
    // The first took the lease and told nobody.
    assert!(leases::claim(core, Work::Digest, Duration::from_secs(60)).await.unwrap());
    digests::round(&houses[1].core).await.unwrap();
    assert!(houses[1].mails().await.is_empty(), "another has the lease");
    houses[0].clock.advance(Duration::from_secs(61));
    digests::round(&houses[1].core).await.unwrap();
    digests::round(&houses[0].core).await.unwrap();
    assert_eq!(houses[0].mails().await.len(), 1);
}
