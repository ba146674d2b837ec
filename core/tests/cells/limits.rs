//! What is counted, and where: calls at the home, guesses at the cell that was asked, askers of a home.

use super::stage::{code, two};
use doorward_core::cells::ANSWER_KEPT;
use doorward_core::{Caller, Error, verify};
use doorward_model::{RateLimit, Secret};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::test]
async fn a_call_counts_once_at_home_and_kept_answers_count_where_they_are_given() {
    let (home, abroad, pool, _) = two().await;
    let rate = RateLimit { calls: 3, window: Duration::from_secs(60) };
    let key = home.key(&pool, Some(rate)).await;
    abroad.hear(&home, "in21").await;
    for call in 0..3 {
        assert!(abroad.ask(&key).await.is_ok(), "{call}");
    }
    let full = abroad.ask(&key).await;
    assert!(matches!(full, Err(Error::RateLimited { limit, .. }) if limit == rate), "{full:?}");
    assert_eq!(home.asked.load(SeqCst), 1);
    assert!(home.ask(&key).await.is_ok() && home.ask(&key).await.is_ok());
    assert!(matches!(home.ask(&key).await, Err(Error::RateLimited { .. })), "one of three was abroad's");
    abroad.house.clock.advance(ANSWER_KEPT);
    let told = abroad.ask(&key).await;
    assert!(matches!(told, Err(Error::RateLimited { limit, .. }) if limit == rate), "by the home: {told:?}");
    assert_eq!(home.asked.load(SeqCst), 2);
    assert!(matches!(abroad.ask(&key).await, Err(Error::RateLimited { .. })));
    assert_eq!(home.asked.load(SeqCst), 2, "which is not asked again while its window can only fill");
    for cell in [&home, &abroad] {
        cell.house.clock.advance(rate.window);
    }
    assert!(abroad.ask(&key).await.is_ok());
}

#[tokio::test]
async fn wrong_pairs_count_against_their_callers_address_where_it_is_known() {
    let (home, abroad, _, key) = two().await;
    for guess in 0..25 {
        let wrong = abroad.ask_with(&key, &format!("guess {guess}")).await;
        assert!(matches!(wrong, Err(Error::WrongCredentials)), "{guess}: {wrong:?}");
    }
    assert!(matches!(abroad.ask_with(&key, "guess").await, Err(Error::RateLimited { .. })));
    assert_eq!(home.asked.load(SeqCst), 25, "the home is not asked about more");
    let other = Caller { address: IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)), ..abroad.house.caller.clone() };
    let (name, secret) = (key.key.name.as_str(), &key.secret);
    assert!(verify::account(abroad.core(), &other, name, secret).await.is_ok());
    assert!(home.ask(&key).await.is_ok(), "nobody guessed there");
}

#[tokio::test]
async fn guesses_at_one_moment_are_no_more_than_those_one_after_the_other() {
    let (home, abroad, _, key) = two().await;
    let mut all = JoinSet::new();
    for guess in 0..100 {
        let (core, caller) = (abroad.core().clone(), abroad.house.caller.clone());
        let (name, secret) = (key.key.name.clone(), Secret::new(format!("guess {guess}")));
        all.spawn(async move { verify::account(&core, &caller, name.as_str(), &secret).await });
    }
    let outcomes = all.join_all().await;
    let wrong = outcomes.iter().filter(|it| matches!(it, Err(Error::WrongCredentials))).count();
    let unheard = outcomes.iter().filter(|it| matches!(it, Err(Error::RateLimited { .. }))).count();
    assert_eq!((wrong, unheard, home.asked.load(SeqCst)), (25, 75, 25));
}

#[tokio::test]
async fn good_pairs_use_up_nothing_of_their_address() {
    let (home, abroad, pool, _) = two().await;
    let rate = RateLimit { calls: 1_000, window: Duration::from_secs(5) };
    let key = home.key(&pool, Some(rate)).await;
    abroad.hear(&home, "in21").await;
    home.is_away.store(true, SeqCst);
    for _ in 0..50 {
        assert!(matches!(abroad.ask(&key).await, Err(Error::HomeAway { .. })));
    }
    home.is_away.store(false, SeqCst);
    let key_of = |number: u32| home.key(&pool, Some(RateLimit { calls: 1_000 + number, ..rate }));
    for number in 0..50 {
        let key = key_of(number).await;
        abroad.hear(&home, "in21").await;
        assert!(abroad.ask(&key).await.is_ok(), "{number}");
    }
}

#[tokio::test]
async fn while_all_places_for_asking_a_home_are_taken_others_wait_a_moment_and_are_told_so() {
    let (home, abroad, pool, key) = two().await;
    let late = home.key(&pool, None).await;
    abroad.hear(&home, "in21").await;
    let hold = home.held.write().await;
    let mut all = JoinSet::new();
    for asker in 0..64 {
        let (core, name, secret) = (abroad.core().clone(), key.key.name.clone(), key.secret.clone());
        let address = IpAddr::V4(Ipv4Addr::new(198, 51, 100, asker));
        let caller = Caller { address, ..abroad.house.caller.clone() };
        all.spawn(async move { verify::account(&core, &caller, name.as_str(), &secret).await });
    }
    while home.asked.load(SeqCst) < 64 {
        tokio::task::yield_now().await;
    }
    let busy = abroad.ask(&late).await;
    assert!(matches!(busy, Err(Error::Unavailable { retry_after }) if !retry_after.is_zero()), "{busy:?}");
    let peer = abroad.core().cells().unwrap().peer(&code("in21")).unwrap();
    assert_eq!((peer.asked(), peer.away(), peer.busy()), (64, 0, 1));
    let (waited, ()) = tokio::join!(abroad.ask(&late), async { drop(hold) });
    assert!(waited.is_ok(), "a place that is given back meanwhile is taken: {waited:?}");
    assert_eq!(peer.busy(), 1);
    assert_eq!(all.join_all().await.len(), 64);
}
