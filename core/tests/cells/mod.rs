//! A key of one cell, asked about in another.

mod directory;
mod limits;
mod stage;

use doorward_core::cells::{self, ANSWER_KEPT, Account, Home};
use doorward_core::{Error, access_keys, verify};
use stage::{code, two};
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

#[tokio::test]
async fn a_key_is_answered_abroad_as_at_home_with_the_homes_hosts() {
    let (home, abroad, pool, key) = two().await;
    let there = abroad.ask(&key).await.unwrap();
    let here = home.ask(&key).await.unwrap();
    assert_eq!(here.home, Home::Here(None));
    assert_eq!(there.home, Home::Elsewhere(vec![("api".to_owned(), "api.in21.example".to_owned())]));
    assert_eq!(Account { home: Home::Here(None), ..there }, here);
    assert_eq!(here.organisation.id, pool.root().id);
    assert!(matches!(abroad.ask_with(&key, "0000").await, Err(Error::WrongCredentials)));
}

#[tokio::test]
async fn an_answer_is_kept_for_so_long_and_a_revoked_key_no_longer() {
    let (home, abroad, _, key) = two().await;
    abroad.ask(&key).await.unwrap();
    let (core, caller, actor) = (home.core(), &home.house.caller, &home.house.operator);
    access_keys::disable(core, caller, actor, key.key.pool, key.key.id).await.unwrap();
    assert!(matches!(home.ask(&key).await, Err(Error::WrongCredentials)));
    abroad.house.clock.advance(ANSWER_KEPT - Duration::from_micros(1));
    assert!(abroad.ask(&key).await.is_ok());
    assert_eq!(home.asked.load(SeqCst), 1);
    abroad.house.clock.advance(Duration::from_micros(1));
    assert!(matches!(abroad.ask(&key).await, Err(Error::WrongCredentials)));
    assert_eq!(home.asked.load(SeqCst), 2);
}

#[tokio::test]
async fn a_kept_answer_is_good_for_its_own_secret_only() {
    let (home, abroad, _, key) = two().await;
    abroad.ask(&key).await.unwrap();
    assert!(matches!(abroad.ask_with(&key, "another").await, Err(Error::WrongCredentials)));
    assert_eq!(home.asked.load(SeqCst), 2);
}

#[tokio::test]
async fn a_home_that_is_away_is_not_an_unknown_user_and_is_asked_again_at_once() {
    let (home, abroad, _, key) = two().await;
    home.is_away.store(true, SeqCst);
    let away = abroad.ask(&key).await;
    assert!(matches!(away, Err(Error::HomeAway { retry_after }) if !retry_after.is_zero()), "{away:?}");
    home.is_away.store(false, SeqCst);
    assert!(abroad.ask(&key).await.is_ok());
    let peer = abroad.core().cells().unwrap().peer(&code("in21")).unwrap();
    assert_eq!((peer.asked(), peer.away()), (2, 1));
}

#[tokio::test]
async fn a_database_of_the_home_that_does_not_answer_is_the_same() {
    let (home, abroad, _, key) = two().await;
    home.core().db().close().await;
    assert!(matches!(abroad.ask(&key).await, Err(Error::HomeAway { .. })));
}

#[tokio::test]
async fn verify_never_takes_another_cells_word_and_names_the_home() {
    let (_home, abroad, _, key) = two().await;
    abroad.ask(&key).await.unwrap();
    let here = code("us11");
    let asked = verify::by_key(abroad.core(), None, key.key.name.as_str(), &key.secret, Some(&here)).await;
    let region = verify::Reason::Region { host: "api.in21.example".to_owned() };
    assert_eq!(asked.err(), Some(region));
    let sent = cells::sent_home(abroad.core(), key.key.name.as_str()).await;
    assert!(matches!(sent, Err(Error::WrongRegion { host }) if host == "api.in21.example"));
    assert!(cells::sent_home(abroad.core(), "u$r00000000000000000000000000000000").await.is_ok());
}
