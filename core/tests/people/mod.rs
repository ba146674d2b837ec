//! People: who may change, end and list whom.

use crate::tree::{actor, is_not_allowed, is_not_found, sign_in, try_sign_in};
use doorward_core::links::LinkForm;
use doorward_core::people::{self, Edit, NewPassword, NewPerson, OrderBy, Wish};
use doorward_core::{Actor, Branch, Error, Part, invite};
use doorward_model::{Email, Kind, NotificationSettings, Person, PersonStatus, Profile, Role, Verified};
use doorward_testkit::House;

const KIND: Kind = Kind::Administrator;

async fn spa() -> (House, Branch, Person) {
    let house = House::start().await;
    let spa = house.pool("spa").await;
    let ada = house.person(&spa, "ada@spa.example", KIND, Role::User).await;
    (house, spa, ada)
}

fn named(first: &str) -> Edit {
    Edit { first_name: Some(first.to_owned()), ..Edit::default() }
}

#[tokio::test]
async fn facts_and_names_are_set_and_removed_one_by_one() {
    let (house, spa, ada) = spa().await;
    let edit = |edit| people::edit(&house.core, &house.caller, &house.operator, &spa, ada.id, edit);
    let fact = |value: &str| vec![("phone".to_owned(), value.to_owned())];
    let set = edit(Edit { extra: fact("0815"), ..named("Eve") }).await.unwrap();
    assert_eq!((set.profile.full_name().as_str(), set.profile.extra("phone")), ("Eve Example", Some("0815")));
    let removed = edit(Edit { extra: fact(""), ..named("") }).await.unwrap();
    assert_eq!((removed.profile.full_name().as_str(), removed.profile.extra("phone")), ("Example", None));
    assert!(edit(named(&"x".repeat(251))).await.is_err());
    assert_eq!(people::by_id(&house.core, spa.pool(), ada.id).await.unwrap(), removed);
}

#[tokio::test]
async fn a_person_is_made_and_invited_under_the_rules_of_a_change() {
    let (house, spa, _) = spa().await;
    for first in ["a\r\nBcc: everybody@spa.example".to_owned(), "x".repeat(251)] {
        let new = || NewPerson {
            email: Email::parse("eve@spa.example").unwrap(),
            profile: Profile { first_name: Some(first.clone()), ..Profile::default() },
            kind: KIND,
            role: Role::User,
            standing: None,
            verified: Verified::No,
            password: NewPassword::None,
            notifications: NotificationSettings::default(),
            language: None,
        };
        let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
        let made = people::create(core, caller, operator, &spa, new()).await;
        let invited = invite::invite(core, caller, operator, &spa, new(), LinkForm::INVITATION).await;
        for refused in [made, invited] {
            assert!(matches!(refused, Err(Error::Invalid { field: "first_name", .. })), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn administrators_change_nobody_who_is_stronger_or_elsewhere() {
    let (house, spa, ada) = spa().await;
    let gym = house.pool("gym").await;
    let admin = actor(&house, &spa, Role::Admin).await;
    let owner = house.person(&spa, "boss@spa.example", KIND, Role::Owner).await;
    let stranger = house.person(&gym, "eve@gym.example", KIND, Role::User).await;
    let edit = |id| people::edit(&house.core, &house.caller, &admin, &spa, id, named("Eve"));
    assert!(edit(ada.id).await.is_ok());
    assert!(is_not_allowed(edit(owner.id).await));
    assert!(is_not_found(edit(stranger.id).await));
    let elsewhere = people::edit(&house.core, &house.caller, &admin, &gym, stranger.id, named("Eve")).await;
    assert!(is_not_found(elsewhere));
    let end = |id| people::disable(&house.core, &house.caller, &admin, &spa, id);
    assert!(is_not_allowed(end(owner.id).await));
    assert!(is_not_found(end(stranger.id).await));
}

#[tokio::test]
async fn the_disabled_come_back_with_new_sessions_only() {
    let (house, spa, ada) = spa().await;
    let before = sign_in(&house, &spa, "ada@spa.example").await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let disabled = people::disable(core, caller, operator, &spa, ada.id).await.unwrap();
    assert_eq!(disabled.status, PersonStatus::Inactive);
    assert!(try_sign_in(&house, &spa, "ada@spa.example").await.is_err());
    let enabled = people::enable(core, caller, operator, &spa, ada.id).await.unwrap();
    assert_eq!(enabled.status, PersonStatus::Active);
    let after = sign_in(&house, &spa, "ada@spa.example").await;
    assert!(after.person.auth_generation > before.person.auth_generation);
}

#[tokio::test]
async fn whoever_has_a_place_may_look_and_sees_each_person_once() {
    let (house, spa, ada) = spa().await;
    house.person(&spa, "bob@spa.example", Kind::Member, Role::User).await;
    let place = doorward_core::memberships::NewMembership {
        person: ada.id,
        kind: Kind::Member,
        role: Role::Callcentre,
        standing: None,
    };
    doorward_core::memberships::give(&house.core, &house.caller, &house.operator, &spa, place).await.unwrap();
    let looker = Actor::Person(Box::new(sign_in(&house, &spa, "bob@spa.example").await));
    let wish = Wish {
        kinds: &[Kind::Member, Kind::Administrator],
        search: None,
        order: OrderBy::Email,
        descending: true,
        part: Part { start: 0, rows: 10 },
    };
    let page = people::list(&house.core, &looker, &spa, wish.clone()).await.unwrap();
    let emails: Vec<_> = page.items.iter().map(|listed| listed.person.email.as_written()).collect();
    assert_eq!(emails, ["bob@spa.example", "ada@spa.example"]);
    assert_eq!(page.items.last().unwrap().role, Role::User, "the strongest of two");
    let gym = house.pool("gym").await;
    assert!(is_not_found(people::list(&house.core, &looker, &gym, wish).await));
}
