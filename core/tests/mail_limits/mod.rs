//! Mail that anybody may ask for: how much of it one account gets, and how often one address may ask (P8).

use doorward_core::events::{self, Filter, Scene};
use doorward_core::links::LinkForm;
use doorward_core::outbox::{self, Delivery};
use doorward_core::passwords::reset;
use doorward_core::sweep::Walks;
use doorward_core::{Branch, Caller, Error, people, sweep, validation};
use doorward_model::{Email, EventKind, Kind, Person, Policy, Role, Verified};
use doorward_testkit::House;
use std::time::Duration;

const ADA: &str = "ada@spa.example";
const NOBODY: &str = "nobody@spa.example";
const NO_ADDRESS: &str = "not an address";
/// As long as a reset code lives.
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

async fn spa(policy: Policy) -> (House, Branch, Person) {
    let house = House::start().await;
    let spa = house.tenant("spa", None, None, policy).await;
    let ada = house.person(&spa, ADA, Kind::Administrator, Role::Admin).await;
    (house, spa, ada)
}

fn at(address: &str) -> Caller {
    Caller { address: address.parse().unwrap(), ..Caller::local("test") }
}

async fn ask(house: &House, caller: &Caller, spa: &Branch, email: &str) -> Result<(), Error> {
    reset::request(&house.core, caller, spa, email, LinkForm::RESET).await
}

/// The recipients of the mails that were caused since the last time.
async fn recipients(house: &House) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let (lease, letters) = outbox::claim(&house.core).await.unwrap();
        if letters.is_empty() {
            return all;
        }
        for letter in letters {
            outbox::settle(&house.core, lease, &letter, Delivery::Sent).await.unwrap();
            all.push(letter.content.to);
        }
    }
}

/// How many they are.
async fn mailed(house: &House) -> usize {
    recipients(house).await.len()
}

fn is_throttled(outcome: &Result<(), Error>) -> bool {
    matches!(outcome, Err(Error::Throttled { .. }))
}

#[tokio::test]
async fn an_account_is_mailed_only_so_often_and_whoever_asks_is_not_told() {
    let (house, spa, _) = spa(Policy::default()).await;
    let spellings = [ADA, "ADA@spa.example", "ada@SPA.example"];
    for caller in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
        for email in spellings {
            ask(&house, &at(caller), &spa, email).await.unwrap();
        }
    }
    assert_eq!(mailed(&house).await, 5);
    house.clock.advance(HALF_AN_HOUR);
    ask(&house, &house.caller, &spa, ADA).await.unwrap();
    assert_eq!(mailed(&house).await, 1, "the codes from before are dead now");
}

#[tokio::test]
async fn codes_that_live_for_a_moment_do_not_fill_a_mailbox() {
    let policy = Policy { reset_lifetime: Some(Duration::from_secs(60)), ..Policy::default() };
    let (house, spa, _) = spa(policy).await;
    for _ in 0..20 {
        ask(&house, &house.caller, &spa, ADA).await.unwrap();
        house.clock.advance(Duration::from_secs(61));
    }
    assert_eq!(mailed(&house).await, 5);
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_so_whomever_it_asks_for() {
    let (house, spa, _) = spa(Policy { address_mails: Some(3), ..Policy::default() }).await;
    let (stranger, same_line) = (at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
    for email in [ADA, NOBODY, NO_ADDRESS] {
        ask(&house, &stranger, &spa, email).await.unwrap();
    }
    for email in [ADA, NOBODY, NO_ADDRESS] {
        for caller in [&stranger, &same_line] {
            let refused = ask(&house, caller, &spa, email).await;
            let ten_minutes = Duration::from_secs(600);
            let is_told =
                matches!(refused, Err(Error::Throttled { retry_after }) if retry_after == ten_minutes);
            assert!(is_told, "{email}: {refused:?}");
        }
    }
    assert_eq!(mailed(&house).await, 1);
    ask(&house, &at("203.0.113.1"), &spa, ADA).await.unwrap();
    house.clock.advance(Duration::from_secs(600));
    ask(&house, &stranger, &spa, ADA).await.unwrap();
    assert_eq!(mailed(&house).await, 2);
}

#[tokio::test]
async fn another_pool_has_limits_of_its_own() {
    let (house, spa, _) = spa(Policy { address_mails: Some(1), ..Policy::default() }).await;
    let gym = house.pool("gym").await;
    house.person(&gym, ADA, Kind::Administrator, Role::Admin).await;
    ask(&house, &house.caller, &spa, ADA).await.unwrap();
    assert!(is_throttled(&ask(&house, &house.caller, &spa, ADA).await));
    ask(&house, &house.caller, &gym, ADA).await.unwrap();
    assert_eq!(mailed(&house).await, 2);
}

#[tokio::test]
async fn asking_for_the_wrong_person_uses_up_nothing_of_the_right_one() {
    let (house, spa, ada) = spa(Policy { address_mails: Some(10), ..Policy::default() }).await;
    let ask_for = |whom| reset::request_for(&house.core, &house.caller, &spa, (ADA, whom), LinkForm::RESET);
    let stranger = house.person(&spa, "eve@spa.example", Kind::Member, Role::User).await;
    for whom in [None, Some(stranger.id)] {
        for _ in 0..4 {
            ask_for(whom).await.unwrap();
        }
    }
    assert_eq!(mailed(&house).await, 0);
    ask_for(Some(ada.id)).await.unwrap();
    assert_eq!(mailed(&house).await, 1);
    ask_for(None).await.unwrap();
    for whom in [None, Some(ada.id)] {
        assert!(is_throttled(&ask_for(whom).await));
    }
}

#[tokio::test]
async fn an_operator_may_ask_for_a_whole_company_at_once() {
    let (house, spa, _) = spa(Policy { address_mails: Some(1), ..Policy::default() }).await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    for _ in 0..4 {
        reset::request_as(core, caller, operator, &spa, ADA, LinkForm::RESET).await.unwrap();
    }
    assert_eq!(mailed(&house).await, 4);
}

#[tokio::test]
async fn whoever_administers_is_told_why_no_mail_goes_out_and_named_as_who_asked() {
    let (house, spa, ada) = spa(Policy { mails_per_hour: Some(6), ..Policy::default() }).await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let why = async |branch: &Branch, email: &str| {
        let asked = reset::request_as(core, caller, operator, branch, email, LinkForm::RESET).await;
        match asked {
            Ok(()) => "queued".to_owned(),
            Err(Error::Conflict { field: "reset", problem }) => problem,
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(why(&spa, ADA).await, "queued");
    for stranger in [NOBODY, NO_ADDRESS] {
        assert_eq!(why(&spa, stranger).await, "no mail was queued: nobody here has this address");
    }
    people::disable(core, caller, operator, &spa, ada.id).await.unwrap();
    assert_eq!(why(&spa, ADA).await, "no mail was queued: the account is inactive");
    people::enable(core, caller, operator, &spa, ada.id).await.unwrap();
    for _ in 0..4 {
        assert_eq!(why(&spa, ADA).await, "queued");
    }
    assert_eq!(why(&spa, ADA).await, "no mail was queued: they were mailed too often lately");
    house.person(&spa, "eve@spa.example", Kind::Member, Role::User).await;
    assert_eq!(why(&spa, "eve@spa.example").await, "queued");
    assert_eq!(why(&spa, "eve@spa.example").await, "no mail was queued: the mails of this hour are used up");
    ask(&house, caller, &spa, "eve@spa.example").await.unwrap();

    let told =
        events::list(core, operator, Scene::At(&spa), Filter::default(), None, 100).await.unwrap().items;
    let asked: Vec<_> = told.iter().filter(|told| told.event.kind == EventKind::ResetRequested).collect();
    let (by_strangers, by_operator): (Vec<_>, Vec<_>) =
        asked.into_iter().partition(|told| told.event.actor.is_none());
    assert_eq!((by_strangers.len(), by_operator.len()), (1, 10));
    assert!(by_strangers.iter().all(|told| told.event.person.is_none()));
    let of_ada = by_operator.iter().filter(|told| told.event.person == Some(ada.id)).count();
    assert_eq!(of_ada, 7, "what was refused is told of whom it was meant for");
}

#[tokio::test]
async fn links_that_validate_an_address_are_limited_alike() {
    let (house, spa, ada) = spa(Policy { address_mails: Some(12), ..Policy::default() }).await;
    let unproven = |new: &mut people::NewPerson| new.verified = Verified::No;
    let eve = house.person_with(&spa, "eve@spa.example", Kind::Member, Role::User, unproven).await;
    assert_eq!(mailed(&house).await, 1);
    let ask = |whom: &Person| validation::request(&house.core, &house.caller, &spa, whom.id);
    for _ in 0..6 {
        for whom in [&eve, &ada] {
            ask(whom).await.unwrap();
        }
    }
    assert_eq!(mailed(&house).await, 4, "the fifth was the one of her own making");
    for whom in [&eve, &ada] {
        assert!(is_throttled(&ask(whom).await));
    }
}

#[tokio::test]
async fn an_address_is_not_mailed_more_for_changing_hands() {
    let (house, spa, _) = spa(Policy::default()).await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let unproven = |new: &mut people::NewPerson| new.verified = Verified::No;
    let eve = house.person_with(&spa, "eve@spa.example", Kind::Member, Role::User, unproven).await;
    for round in 0..10 {
        for email in ["victim@elsewhere.example", &format!("eve{round}@spa.example")] {
            let edit = people::Edit { email: Email::parse(email).ok(), ..people::Edit::default() };
            people::edit(core, caller, operator, &spa, eve.id, edit).await.unwrap();
        }
    }
    let to_victim = recipients(&house).await.into_iter().filter(|to| to.starts_with("victim")).count();
    assert_eq!(to_victim, 5);
}

#[tokio::test]
async fn a_sweep_forgets_no_limit_that_still_holds() {
    let (house, spa, _) = spa(Policy { address_mails: Some(1), ..Policy::default() }).await;
    ask(&house, &house.caller, &spa, ADA).await.unwrap();
    house.clock.advance(Duration::from_secs(599));
    sweep::sweep(&house.core, &mut Walks::default()).await.unwrap();
    assert!(is_throttled(&ask(&house, &house.caller, &spa, ADA).await));
    house.clock.advance(Duration::from_secs(2));
    sweep::sweep(&house.core, &mut Walks::default()).await.unwrap();
    ask(&house, &house.caller, &spa, ADA).await.unwrap();
}
