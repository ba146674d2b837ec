//! Terms and consents as administrators read them: the evidence, and that nobody reads somebody else's.

use crate::tree::{actor, is_not_allowed, is_not_found, sign_in};
use doorward_core::consent::{self, NewTerms};
use doorward_core::memberships::{self, NewMembership};
use doorward_core::{Branch, Error, Speaker};
use doorward_model::{Kind, Role, Terms};
use doorward_testkit::House;
use std::time::Duration;

async fn publish(house: &House, at: &Branch, version: &str) -> Terms {
    house.clock.advance(Duration::from_secs(1));
    let new = NewTerms { version: version.to_owned(), url: None, effective_at: house.core.now() };
    consent::publish(&house.core, &house.caller, &house.operator, at, new).await.unwrap()
}

async fn give(house: &House, at: &Branch, email: &str) {
    let identity = sign_in(house, at, email).await;
    house.clock.advance(Duration::from_secs(1));
    let (person, speaker) = (identity.person.id, Speaker::Themselves(Box::new(identity)));
    consent::give(&house.core, &house.caller, &speaker, at, person).await.unwrap();
}

#[tokio::test]
async fn the_evidence_says_who_consented_to_what_when_and_from_where() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let spa = house.child("spa", &pool).await;
    let first = publish(&house, &pool, "1").await;
    for n in 0..5 {
        house.person(&spa, &format!("p{n}@harbour.example"), Kind::Administrator, Role::User).await;
        give(&house, &spa, &format!("p{n}@harbour.example")).await;
    }
    let second = publish(&house, &pool, "2").await;
    give(&house, &spa, "p0@harbour.example").await;

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page =
            consent::list_consents_to(&house.core, &house.operator, &pool, first.id, after, 2).await.unwrap();
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let emails: Vec<&str> = seen.iter().filter_map(|told| told.email.as_deref()).collect();
    assert_eq!(emails.len(), 5);
    assert!(emails.is_sorted(), "in the order in which they consented: {emails:?}");
    let one = seen.first().unwrap();
    assert_eq!((&one.terms, one.address), (&first, Some(house.caller.address)));
    assert!(one.session.is_some() && one.actor.is_none());

    let person = one.consent.person;
    let of = consent::list_consents_of(&house.core, &house.operator, &spa, person, None, 1).await.unwrap();
    assert_eq!(of.items.first().map(|told| told.terms.version.as_str()), Some("2"));
    let next =
        consent::list_consents_of(&house.core, &house.operator, &spa, person, of.next, 1).await.unwrap();
    assert_eq!((next.items.first(), next.next), (Some(one), None));

    let page = consent::list_published(&house.core, &house.operator, &pool, None, 9).await.unwrap();
    let told: Vec<(&Terms, bool)> = page.items.iter().map(|it| (&it.terms, it.is_current)).collect();
    assert_eq!(told, [(&second, true), (&first, false)]);
}

#[tokio::test]
async fn a_version_that_was_shown_is_consented_to_or_none() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let ada = sign_in(&house, &pool, "ada@harbour.example").await;
    let (first, second) = (publish(&house, &pool, "1").await, publish(&house, &pool, "2").await);
    let (id, speaker) = (ada.person.id, Speaker::Themselves(Box::new(ada)));
    let give_to =
        async |terms| consent::give_to(&house.core, &house.caller, &speaker, &pool, id, terms).await;
    let late = give_to(first.id).await;
    assert!(matches!(late, Err(Error::Conflict { field: "terms", .. })), "{late:?}");
    assert!(!consent::is_given(&house.core, &pool, id).await.unwrap());
    assert_eq!(give_to(second.id).await.unwrap(), second);
    assert!(consent::is_given(&house.core, &pool, id).await.unwrap());
}

#[tokio::test]
async fn terms_are_a_page_of_the_web() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    for (address, is_published) in
        [("javascript:alert(1)", false), ("data:text/html,x", false), ("file:///etc/passwd", false)]
            .into_iter()
            .chain([("https://harbour.example/terms", true), ("http://harbour.example/terms", true)])
    {
        let url = Some(address.parse().unwrap());
        let new = NewTerms { version: address.to_owned(), url, effective_at: house.core.now() };
        let made = consent::publish(&house.core, &house.caller, &house.operator, &pool, new).await;
        assert_eq!(made.is_ok(), is_published, "{address}: {made:?}");
        assert!(is_published || matches!(made, Err(Error::Invalid { field: "url", .. })), "{address}");
    }
}

#[tokio::test]
async fn it_is_read_by_who_administers_whose_terms_they_are() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let (above, at_gym) = (publish(&house, &pool, "1").await, publish(&house, &gym, "gym").await);
    house.person(&gym, "eve@harbour.example", Kind::Administrator, Role::User).await;
    give(&house, &gym, "eve@harbour.example").await;
    let eve = sign_in(&house, &gym, "eve@harbour.example").await;
    let ada = actor(&house, &spa, Role::Admin).await;
    let core = &house.core;
    assert!(is_not_found(consent::published(core, &ada, &spa, above.id).await));
    assert!(is_not_found(consent::list_consents_to(core, &ada, &spa, at_gym.id, None, 9).await));
    assert!(is_not_allowed(consent::list_consents_to(core, &ada, &pool, above.id, None, 9).await));
    assert!(is_not_found(consent::list_consents_of(core, &ada, &spa, eve.person.id, None, 9).await));
    assert!(is_not_allowed(consent::list_published(core, &ada, &gym, None, 9).await));
    // From above the person's consent to terms below is seen.
    let of = consent::list_consents_of(core, &house.operator, &pool, eve.person.id, None, 9).await.unwrap();
    assert_eq!(of.items.iter().map(|told| &told.terms).collect::<Vec<_>>(), [&at_gym]);
    // Where somebody has a place at two tenants, each sees that they consented to what holds at both, and the one they did it
    // at sees how.
    let baths = house.child("baths", &pool).await;
    let both = house.person(&spa, "two@harbour.example", Kind::Administrator, Role::User).await;
    let place =
        NewMembership { person: both.id, kind: Kind::Administrator, role: Role::User, standing: None };
    memberships::give(core, &house.caller, &house.operator, &baths, place).await.unwrap();
    give(&house, &baths, "two@harbour.example").await;
    let seen = async |at| {
        let of = consent::list_consents_of(core, &house.operator, at, both.id, None, 9).await.unwrap();
        of.items.into_iter().find(|told| told.terms == above).unwrap()
    };
    let [from_spa, from_baths, from_above] = [seen(&spa).await, seen(&baths).await, seen(&pool).await];
    assert_eq!(from_baths, from_above);
    assert!(from_baths.address.is_some() && from_baths.session.is_some());
    assert_eq!((from_spa.address, from_spa.session, from_spa.application), (None, None, None));
    assert_eq!((&from_spa.door, from_spa.consent.door, &from_spa.actor), (&None, None, &None));
    assert_eq!(from_spa.consent.at, from_baths.consent.at);
    let mine = Speaker::Themselves(Box::new(eve.clone()));
    assert!(consent::give(core, &house.caller, &mine, &spa, eve.person.id).await.is_err());
}
