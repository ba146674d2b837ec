//! Guessing: how long failures are remembered, and what ends a lock-out (P7).

use crate::tree::try_sign_in_with;
use doorward_core::{Branch, Caller, Error, passwords, sweep};
use doorward_model::{Kind, Person, Role, Secret};
use doorward_testkit::{House, PASSWORD};
use std::time::Duration;

const EMAIL: &str = "ada@harbour.example";
/// As long as the longest wait.
const HOUR: Duration = Duration::from_secs(3600);

async fn harbour() -> (House, Branch, Person) {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let ada = house.person(&pool, EMAIL, Kind::Administrator, Role::Admin).await;
    (house, pool, ada)
}

fn at(address: &str) -> Caller {
    Caller { address: address.parse().unwrap(), ..Caller::local("test") }
}

/// Guesses until waiting does not help any more.
async fn guess(house: &House, pool: &Branch, caller: &Caller) {
    for _ in 0..100 {
        house.clock.advance(HOUR);
        let guessed = try_sign_in_with(house, caller, pool, EMAIL, "not-her-password").await;
        assert!(matches!(guessed, Err(Error::WrongCredentials)));
    }
}

async fn is_locked_out(house: &House, pool: &Branch, caller: &Caller, password: &str) -> bool {
    let outcome = try_sign_in_with(house, caller, pool, EMAIL, password).await;
    matches!(outcome, Err(Error::Throttled { .. }))
}

#[tokio::test]
async fn a_hundred_failures_are_not_forgotten_over_a_quiet_weekend() {
    let (house, pool, _) = harbour().await;
    let stranger = at("203.0.113.9");
    guess(&house, &pool, &stranger).await;
    house.clock.advance(HOUR * 72);
    sweep::sweep(&house.core).await.unwrap();
    assert!(is_locked_out(&house, &pool, &stranger, "the 101st guess").await);
}

#[tokio::test]
async fn a_known_place_that_failed_too_often_is_let_in_again_after_a_new_password_set_elsewhere() {
    let (house, pool, ada) = harbour().await;
    let office = at("198.51.100.7");
    assert!(try_sign_in_with(&house, &office, &pool, EMAIL, PASSWORD).await.is_ok());
    guess(&house, &pool, &office).await;
    guess(&house, &pool, &office).await;
    assert!(is_locked_out(&house, &pool, &office, PASSWORD).await);
    let new = Secret::new("a-wholly-new-passphrase");
    let (core, elsewhere, operator) = (&house.core, &house.caller, &house.operator);
    passwords::set(core, elsewhere, operator, &pool, ada.id, new.clone(), false).await.unwrap();
    for _ in 0..2 {
        assert!(try_sign_in_with(&house, &office, &pool, EMAIL, new.expose()).await.is_ok());
    }
}
