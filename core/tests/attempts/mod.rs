//! Guessing: how long failures are remembered, and what ends a lock-out (P7).

use crate::tree::try_sign_in_with;
use doorward_core::sweep::Walks;
use doorward_core::{Branch, Caller, Core, Error, Parts, passwords, sweep};
use doorward_crypto::password::{HashQueue, HashQueueSettings, Params};
use doorward_crypto::{Keyring, Random};
use doorward_model::{Kind, Person, Policy, Role, Secret};
use doorward_testkit::{House, PASSWORD};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

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
    sweep::sweep(&house.core, &mut Walks::default()).await.unwrap();
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

/// Signs in with these e-mails at the same moment, from one address; how many were wrong, right and refused unheard.
async fn at_once(house: &Arc<House>, pool: &Branch, emails: &[String]) -> (usize, usize, usize) {
    let mut all = JoinSet::new();
    for email in emails {
        let (house, pool, email) = (Arc::clone(house), pool.clone(), email.clone());
        all.spawn(async move {
            try_sign_in_with(&house, &at("203.0.113.9"), &pool, &email, PASSWORD).await.map(drop)
        });
    }
    let (mut wrong, mut right, mut unheard) = (0, 0, 0);
    for outcome in all.join_all().await {
        right += usize::from(outcome.is_ok());
        wrong += usize::from(matches!(outcome, Err(Error::WrongCredentials)));
        unheard += usize::from(matches!(outcome, Err(Error::Throttled { .. })));
    }
    (wrong, right, unheard)
}

#[tokio::test]
async fn parallel_guesses_from_one_address_do_not_outrun_its_limit() {
    let house = Arc::new(House::start().await);
    let pool =
        house.tenant("harbour", None, None, Policy { address_failures: Some(3), ..Policy::default() }).await;
    house.person(&pool, EMAIL, Kind::Administrator, Role::Admin).await;
    let strangers: Vec<String> = (0..40).map(|number| format!("guess{number}@harbour.example")).collect();
    let (wrong, _, unheard) = at_once(&house, &pool, &strangers).await;
    assert!((1..=3).contains(&wrong) && wrong + unheard == 40, "{wrong} were heard");
    while at_once(&house, &pool, &strangers[..1]).await.0 == 1 {}
    house.clock.advance(Duration::from_secs(599));
    assert_eq!(at_once(&house, &pool, &[EMAIL.to_owned()]).await, (0, 0, 1));
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(at_once(&house, &pool, &[EMAIL.to_owned()]).await, (0, 1, 0));
}

#[tokio::test]
async fn whoever_signs_in_again_and_again_uses_up_nothing_of_their_address() {
    let house = Arc::new(House::start().await);
    let pool =
        house.tenant("harbour", None, None, Policy { address_failures: Some(2), ..Policy::default() }).await;
    house.person(&pool, EMAIL, Kind::Administrator, Role::Admin).await;
    let ada = [EMAIL.to_owned(), EMAIL.to_owned()];
    for _ in 0..5 {
        assert_eq!(at_once(&house, &pool, &ada).await, (0, 2, 0));
    }
}

/// The same house after a restart with other keys.
async fn restarted(house: &House, keys: Keyring) -> House {
    let hashing =
        HashQueueSettings { threads: 2, waiting: 16, ..HashQueueSettings::sized(2, 0, Params::cheap()) };
    let parts = Parts {
        db: house.core.db().clone(),
        hashes: HashQueue::start(hashing).unwrap(),
        keys,
        clock: house.clock.clone(),
        settings: house.core.settings().clone(),
    };
    House::around(Core::start(parts, "test").await.unwrap(), house.clock.clone())
}

#[tokio::test]
async fn a_new_key_gives_no_new_guesses_and_forgets_no_known_place() {
    let directory = tempfile::tempdir().unwrap();
    let (path, random) = (directory.path().join("keys.json"), Random::os());
    let (house, pool, ada) = harbour().await;
    let mut house = restarted(&house, Keyring::create(&path, 1, &random).unwrap()).await;
    let (office, stranger) = (at("198.51.100.7"), at("203.0.113.9"));
    assert!(try_sign_in_with(&house, &office, &pool, EMAIL, PASSWORD).await.is_ok());
    guess(&house, &pool, &stranger).await;
    for created in [2, 3] {
        house = restarted(&house, Keyring::rotate(&path, created, &random).unwrap()).await;
        house.clock.advance(HOUR);
        assert!(is_locked_out(&house, &pool, &stranger, PASSWORD).await, "key {created}");
        assert!(try_sign_in_with(&house, &office, &pool, EMAIL, PASSWORD).await.is_ok(), "key {created}");
    }
    house = restarted(&house, Keyring::rotate(&path, 4, &random).unwrap()).await;
    let new = Secret::new("a-wholly-new-passphrase");
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    passwords::set(core, caller, operator, &pool, ada.id, new.clone(), false).await.unwrap();
    // Long enough for a clean counter to be swept: nothing must come back from under an earlier key.
    house.clock.advance(HOUR * 72);
    sweep::sweep(core, &mut Walks::default()).await.unwrap();
    assert!(try_sign_in_with(&house, &stranger, &pool, EMAIL, new.expose()).await.is_ok());
}
