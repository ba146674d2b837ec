//! A key's life as a client notices it: rotation, expiry, disabling, a changed password, a disabled colleague.

use crate::office::{HOME, Office};
use doorward_core::access_keys::{self, Changes, IssuedKey, KeyState};
use doorward_core::people;
use doorward_model::Timestamp;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);
const MICROSECOND: Duration = Duration::from_micros(1);

async fn rotate(office: &Office, overlap: Duration) -> IssuedKey {
    let (house, key) = (&office.house, &office.key.key);
    access_keys::rotate(&house.core, &house.caller, &house.operator, key.pool, key.id, overlap).await.unwrap()
}

async fn works(office: &Office, secret: &str) -> bool {
    office.house.clock.advance(Duration::from_secs(5));
    let answer = office.ask(HOME, office.access_key(), secret).await;
    assert!([200, 401].contains(&answer.status.as_u16()));
    answer.status == 200
}

#[tokio::test]
async fn both_secrets_work_during_the_overlap_and_the_new_one_afterwards() {
    let office = Office::open().await;
    let rotated = rotate(&office, HOUR).await;
    assert_eq!(rotated.key.name, office.key.key.name);
    assert_ne!(rotated.secret.expose(), office.secret_key());
    assert_eq!(office.ask_with(&office.key).await.status, 200);
    assert_eq!(office.ask_with(&rotated).await.status, 200);
    office.house.clock.advance(HOUR - MICROSECOND);
    assert_eq!(office.ask_with(&office.key).await.status, 200);
    office.house.clock.advance(MICROSECOND);
    assert_eq!(office.ask_with(&office.key).await.status, 401);
    assert_eq!(office.ask_with(&rotated).await.status, 200);
}

#[tokio::test]
async fn a_rotation_without_overlap_ends_the_old_secret_at_once_and_only_two_ever_overlap() {
    let office = Office::open().await;
    let second = rotate(&office, HOUR).await;
    let third = rotate(&office, HOUR).await;
    let alive = [office.secret_key(), second.secret.expose(), third.secret.expose()];
    assert!(
        !works(&office, alive[0]).await && works(&office, alive[1]).await && works(&office, alive[2]).await
    );
    let fourth = rotate(&office, Duration::ZERO).await;
    assert!(!works(&office, third.secret.expose()).await && works(&office, fourth.secret.expose()).await);
}

#[tokio::test]
async fn disabling_ends_both_secrets_and_enabling_brings_the_current_one_back() {
    let office = Office::open().await;
    let rotated = rotate(&office, HOUR).await;
    let (house, key) = (&office.house, &office.key.key);
    access_keys::disable(&house.core, &house.caller, &house.operator, key.pool, key.id).await.unwrap();
    assert!(!works(&office, office.secret_key()).await && !works(&office, rotated.secret.expose()).await);
    access_keys::enable(&house.core, &house.caller, &house.operator, key.pool, key.id).await.unwrap();
    assert!(!works(&office, office.secret_key()).await && works(&office, rotated.secret.expose()).await);
}

#[tokio::test]
async fn a_key_ends_at_the_moment_it_expires() {
    let office = Office::open().await;
    let (house, key) = (&office.house, &office.key.key);
    let end: Timestamp = house.clock.now().plus(HOUR);
    let changes = Changes { expires_at: Some(Some(end)), ..Changes::default() };
    access_keys::change(&house.core, &house.caller, &house.operator, key.pool, key.id, changes)
        .await
        .unwrap();
    house.clock.advance(HOUR - MICROSECOND);
    assert_eq!(office.ask_with(&office.key).await.status, 200);
    house.clock.advance(MICROSECOND);
    assert_eq!(office.ask_with(&office.key).await.status, 401);
}

#[tokio::test]
async fn a_key_of_a_disabled_person_stays_ended_until_it_gets_a_new_secret() {
    let office = Office::open().await;
    let (house, key) = (&office.house, &office.key.key);
    let who = office.person.id;
    people::disable(&house.core, &house.caller, &house.operator, &office.org, who).await.unwrap();
    people::enable(&house.core, &house.caller, &house.operator, &office.org, who).await.unwrap();
    assert!(!works(&office, office.secret_key()).await);
    let listed = access_keys::by_id(&house.core, &house.operator, key.pool, key.id).await.unwrap();
    assert_eq!(listed.state, KeyState::Ended);
    let rotated = rotate(&office, HOUR).await;
    assert!(!works(&office, office.secret_key()).await, "rotating revives no ended secret");
    assert!(works(&office, rotated.secret.expose()).await);
}

#[tokio::test]
async fn the_last_use_is_noted_to_the_minute() {
    let office = Office::open().await;
    let (house, key) = (&office.house, &office.key.key);
    let noted = async || {
        let listed = access_keys::by_id(&house.core, &house.operator, key.pool, key.id).await.unwrap();
        listed.key.last_used_at
    };
    // Noted behind the answer, so the test asks until it is there.
    let is_noted = async |at| {
        let seen = async { while noted().await != Some(at) {} };
        tokio::time::timeout(Duration::from_secs(10), seen).await.unwrap();
    };
    assert_eq!(noted().await, None);
    let first = house.clock.now();
    office.ask_with(&office.key).await;
    is_noted(first).await;
    house.clock.advance(Duration::from_secs(59));
    office.ask_with(&office.key).await;
    is_noted(first).await;
    house.clock.advance(Duration::from_secs(1));
    office.ask_with(&office.key).await;
    is_noted(first.plus(Duration::from_secs(60))).await;
}
