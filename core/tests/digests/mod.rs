//! Digests: what somebody is told of their account, when, and how often.

use crate::tree::{sign_in, try_sign_in_with};
use doorward_core::access_keys::{self, NewKey};
use doorward_core::digests::{self, Round};
use doorward_core::outbox::{self, Delivery, Letter};
use doorward_core::people::{self, Edit};
use doorward_core::{Actor, Branch, Caller};
use doorward_model::{
    Kind, Mail, MailId, MailKind, NotificationSettings, Person, PersonStatus, Policy, Role, Timestamp,
};
use doorward_store::digests::list_due;
use doorward_store::mails;
use doorward_testkit::{House, PASSWORD};
use std::time::Duration;
use uuid::Uuid;

const ADA: &str = "ada@spa.example";
const MORNING: NotificationSettings =
    NotificationSettings { instant: false, evening: false, morning: true, new_lead: false };
const EVENING: NotificationSettings = NotificationSettings { morning: false, evening: true, ..MORNING };
const HOUR: Duration = Duration::from_secs(60 * 60);

async fn spa() -> (House, Branch, Person) {
    let house = House::start().await;
    let spa = house.pool("spa").await;
    let ada = someone(&house, &spa, ADA, MORNING).await;
    (house, spa, ada)
}

async fn someone(house: &House, at: &Branch, email: &str, settings: NotificationSettings) -> Person {
    house.person_with(at, email, Kind::Administrator, Role::User, |new| new.notifications = settings).await
}

/// Moves the clock to a moment, as a node is told of it.
fn to(house: &House, moment: &str) {
    let moment = Timestamp::of_civil(moment).unwrap();
    house.clock.advance(moment.since(house.core.now()));
}

/// What a round mails.
async fn round(house: &House) -> Vec<Letter> {
    digests::round(&house.core).await.unwrap();
    let (lease, letters) = outbox::claim(&house.core).await.unwrap();
    for letter in &letters {
        outbox::settle(&house.core, lease, letter, Delivery::Sent).await.unwrap();
    }
    letters.into_iter().filter(|letter| letter.kind == MailKind::Digest).collect()
}

/// What the one mail of a round tells of.
async fn told(house: &House) -> Vec<String> {
    let letters = round(house).await;
    assert!(letters.len() <= 1, "{letters:?}");
    letters.into_iter().flat_map(|letter| letter.content.happened).map(|it| it.what).collect()
}

async fn make_key(house: &House, at: &Branch, person: &Person) {
    let new = NewKey { person: person.id, label: "Export".to_owned(), rate: None, expires_at: None };
    access_keys::create(&house.core, &house.caller, &house.operator, at, new).await.unwrap();
}

async fn choose(house: &House, at: &Branch, person: &Person, settings: NotificationSettings) {
    let edit = Edit { notifications: Some(settings), ..Edit::default() };
    people::edit(&house.core, &house.caller, &house.operator, at, person.id, edit).await.unwrap();
}

#[tokio::test]
async fn a_digest_tells_what_happened_at_its_hour_and_nothing_twice() {
    let (house, spa, ada) = spa().await;
    assert!(told(&house).await.is_empty(), "from now on, at the next morning");
    sign_in(&house, &spa, ADA).await;
    house.clock.advance(HOUR);
    sign_in(&house, &spa, ADA).await;
    make_key(&house, &spa, &ada).await;
    for early in ["2026-11-22T23:00:00Z", "2026-11-23T07:00:00Z", "2026-11-23T07:00:59Z"] {
        to(&house, early);
        assert!(told(&house).await.is_empty(), "{early}");
    }
    to(&house, "2026-11-23T07:01:00Z");
    let letters = round(&house).await;
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.content.to, ADA);
    assert_eq!(letter.content.link.as_deref(), Some("https://id.example/account"));
    let happened: Vec<_> = letter.content.happened.iter().map(|it| (it.what.as_str(), &it.address)).collect();
    // The newest first; the second sign-in is from a place that is known. What the operator did says not from where.
    assert_eq!(happened, [("key_made", &None), ("new_sign_in", &Some("127.0.0.1".to_owned()))]);
    assert!(told(&house).await.is_empty());
    to(&house, "2026-11-24T07:01:00Z");
    assert!(told(&house).await.is_empty(), "nothing happened, no mail");
    make_key(&house, &spa, &ada).await;
    to(&house, "2026-11-25T07:01:00Z");
    assert_eq!(told(&house).await, ["key_made"]);
}

#[tokio::test]
async fn a_node_that_was_down_tells_later_and_the_same() {
    let (house, spa, ada) = spa().await;
    told(&house).await;
    make_key(&house, &spa, &ada).await;
    to(&house, "2026-11-23T09:00:00Z");
    let elsewhere = Caller { address: "203.0.113.7".parse().unwrap(), ..house.caller.clone() };
    try_sign_in_with(&house, &elsewhere, &spa, ADA, PASSWORD).await.unwrap();
    to(&house, "2026-11-23T12:00:00Z");
    assert_eq!(told(&house).await, ["key_made"], "what happened by seven");
    to(&house, "2026-11-24T07:01:00Z");
    assert_eq!(told(&house).await, ["new_sign_in"]);
}

#[tokio::test]
async fn two_rounds_at_once_tell_once() {
    let (house, spa, ada) = spa().await;
    told(&house).await;
    make_key(&house, &spa, &ada).await;
    to(&house, "2026-11-23T07:01:00Z");
    let rounds = tokio::join!(digests::round(&house.core), digests::round(&house.core));
    assert!(rounds.0.is_ok() && rounds.1.is_ok(), "{rounds:?}");
    assert_eq!(house.mails().await.len(), 1);
}

#[tokio::test]
async fn hours_are_chosen_and_given_up() {
    let (house, spa, ada) = spa().await;
    told(&house).await;
    make_key(&house, &spa, &ada).await;
    choose(&house, &spa, &ada, EVENING).await;
    to(&house, "2026-11-22T19:01:00Z");
    assert_eq!(told(&house).await, ["key_made"], "in the evening from now on");
    to(&house, "2026-11-23T07:01:00Z");
    make_key(&house, &spa, &ada).await;
    assert!(told(&house).await.is_empty(), "and no more in the morning");
    choose(&house, &spa, &ada, NotificationSettings::default()).await;
    to(&house, "2026-11-24T19:01:00Z");
    assert!(told(&house).await.is_empty(), "who wants none gets none");
    choose(&house, &spa, &ada, EVENING).await;
    to(&house, "2026-11-25T19:01:00Z");
    assert!(told(&house).await.is_empty(), "and nothing of the time before they chose");
}

#[tokio::test]
async fn mornings_are_where_somebody_is() {
    let (house, spa, _) = spa().await;
    told(&house).await;
    let zones = [("bea@spa.example", "Asia/Kolkata"), ("cyd@spa.example", "No/Such_Zone")];
    for (email, zone) in zones {
        let change = |new: &mut people::NewPerson| {
            new.notifications = MORNING;
            new.profile.extra = vec![("TimeZone".to_owned(), zone.to_owned())];
        };
        let person = house.person_with(&spa, email, Kind::User, Role::User, change).await;
        make_key(&house, &spa, &person).await;
    }
    told(&house).await;
    to(&house, "2026-11-23T01:31:00Z");
    let letters = round(&house).await;
    let to_whom: Vec<_> = letters.iter().map(|letter| letter.content.to.as_str()).collect();
    assert_eq!(to_whom, ["bea@spa.example"], "half past one is seven in Kolkata");
    let zone = |letter: &outbox::Letter| letter.content.details.get("zone").cloned();
    assert_eq!(
        letters.first().and_then(zone).as_deref(),
        Some("Asia/Kolkata"),
        "and times are told by its clock"
    );
    to(&house, "2026-11-23T07:01:00Z");
    let letters = round(&house).await;
    let to_whom: Vec<_> = letters.iter().map(|letter| letter.content.to.as_str()).collect();
    assert_eq!(to_whom, ["cyd@spa.example"], "a zone that is none is UTC");
    assert_eq!(letters.first().and_then(zone), None);
}

#[tokio::test]
async fn who_may_not_sign_in_is_told_nothing() {
    let (house, spa, ada) = spa().await;
    told(&house).await;
    make_key(&house, &spa, &ada).await;
    let (core, caller, actor) = (&house.core, &house.caller, &house.operator);
    people::set_status(core, caller, actor, &spa, ada.id, PersonStatus::Inactive, None).await.unwrap();
    to(&house, "2026-11-23T07:01:00Z");
    assert!(told(&house).await.is_empty());
}

#[tokio::test]
async fn digests_leave_the_hours_mails_to_who_waits_for_one() {
    let house = House::start().await;
    let policy = Policy { mails_per_hour: Some(5), ..Policy::default() };
    let spa = house.tenant("spa", None, None, policy).await;
    for name in ["ada", "bea", "cyd"] {
        let person = someone(&house, &spa, &format!("{name}@spa.example"), MORNING).await;
        make_key(&house, &spa, &person).await;
    }
    digests::round(&house.core).await.unwrap();
    to(&house, "2026-11-23T07:01:00Z");
    assert_eq!(round(&house).await.len(), 2, "half of five");
    house.clock.advance(HOUR + HOUR);
    assert_eq!(round(&house).await.len(), 1, "the third when the hour is over");
}

#[tokio::test]
async fn no_digest_is_queued_behind_mails_that_do_not_go_out() {
    let (house, spa, ada) = spa().await;
    told(&house).await;
    make_key(&house, &spa, &ada).await;
    to(&house, "2026-11-23T07:01:00Z");
    let (pool, created_at) = (spa.pool(), house.core.now());
    let write = house.core.db().write(pool, move |tx| {
        (1..=33_u128).try_for_each(|n| {
            let (id, kind) = (MailId::new(Uuid::from_u128(n)), MailKind::Reset);
            mails::insert(tx, &Mail { id, pool: Some(pool), kind, sealed: vec![1], attempts: 0, created_at })
        })
    });
    write.await.unwrap();
    assert_eq!(digests::round(&house.core).await.unwrap(), Round::Done);
    let last = MailId::new(Uuid::max());
    let queued = house.core.db().read(pool, move |tx| mails::list_before(tx, None, last, 99)).await.unwrap();
    assert_eq!(queued.iter().filter(|mail| mail.kind == MailKind::Digest.as_str()).count(), 0);
    // None of these can be opened, so that each is given up.
    for _ in 0..33_u32.div_ceil(outbox::BATCH) {
        assert!(house.mails().await.is_empty());
    }
    assert_eq!(told(&house).await, ["key_made"], "once the others are gone");
}

#[tokio::test]
async fn a_pool_whose_mails_are_used_up_keeps_nobody_else_waiting() {
    let house = House::start().await;
    let none = Policy { mails_per_hour: Some(1), ..Policy::default() };
    let [full, spa] = [house.tenant("full", None, None, none).await, house.pool("spa").await];
    for number in 0..=2 * digests::BATCH {
        someone(&house, &full, &format!("n{number}@full.example"), MORNING).await;
    }
    while digests::round(&house.core).await.unwrap() != Round::Done {}
    to(&house, "2026-11-22T19:30:00Z");
    let ada = someone(&house, &spa, ADA, EVENING).await;
    told(&house).await;
    make_key(&house, &spa, &ada).await;
    to(&house, "2026-11-23T19:01:00Z");
    assert_eq!(digests::round(&house.core).await.unwrap(), Round::GoesOn, "nothing went to the outbox");
    assert_eq!(told(&house).await, ["key_made"], "hers was due twelve hours after theirs");
    let now = house.core.now();
    let due = async |at: Timestamp| {
        house.core.db().read_house(move |tx| list_due(tx, at, 999)).await.unwrap().len()
    };
    assert_eq!(due(now.plus(HOUR - Duration::from_secs(1))).await, 0, "and they are left alone for an hour");
    assert_eq!(due(now.plus(HOUR)).await, 2 * digests::BATCH as usize + 1);
}

#[tokio::test]
async fn what_was_done_in_somebodys_own_name_says_from_where() {
    let house = House::start().await;
    let spa = house.pool("spa").await;
    let change = |new: &mut people::NewPerson| new.notifications = MORNING;
    let ada = house.person_with(&spa, ADA, Kind::Administrator, Role::Admin, change).await;
    house.person(&spa, "bob@spa.example", Kind::Administrator, Role::Owner).await;
    told(&house).await;
    let thief = Caller { address: "203.0.113.7".parse().unwrap(), ..house.caller.clone() };
    for name in [ADA, "bob@spa.example"] {
        let actor = Actor::Person(Box::new(sign_in(&house, &spa, name).await));
        let new = NewKey { person: ada.id, label: name.to_owned(), rate: None, expires_at: None };
        access_keys::create(&house.core, &thief, &actor, &spa, new).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
    }
    to(&house, "2026-11-23T07:01:00Z");
    let letters = round(&house).await;
    let happened = letters.iter().flat_map(|letter| &letter.content.happened);
    let keys: Vec<_> = happened.filter(|it| it.what == "key_made").map(|it| it.address.as_deref()).collect();
    assert_eq!(
        keys,
        [None, Some("203.0.113.7")],
        "whoever uses her session is found; where Bob was is not hers to know"
    );
}
