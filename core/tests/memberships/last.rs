//! A tree keeps somebody who administers it.

use super::{KIND, family, to};
use crate::tree::{actor, sign_in};
use doorward_core::links::LinkForm;
use doorward_core::memberships::NewMembership;
use doorward_core::people::{self, NewPassword, NewPerson};
use doorward_core::{Actor, Branch, Error, Result, invite, memberships};
use doorward_model::{Kind, Person, PersonId, Role};
use doorward_testkit::House;

fn is_conflict<T>(outcome: Result<T>) -> bool {
    matches!(outcome, Err(Error::Conflict { field: "role", .. }))
}

async fn demote(house: &House, by: &Actor, at: &Branch, whom: PersonId) -> Result<()> {
    let known = memberships::find(&house.core, at, whom, KIND).await?.role;
    let done = memberships::change(&house.core, &house.caller, by, at, (whom, KIND), to(Role::User)).await;
    let left = memberships::find(&house.core, at, whom, KIND).await?.role;
    assert_eq!(left, if done.is_ok() { Role::User } else { known });
    done.map(drop)
}

async fn remove(house: &House, by: &Actor, at: &Branch, whom: PersonId) -> Result<()> {
    memberships::take(&house.core, &house.caller, by, at, whom, KIND).await.map(drop)
}

fn id_of(actor: &Actor) -> PersonId {
    let identity = match actor {
        Actor::Person(identity) => Some(identity),
        Actor::Operator | Actor::Remote(_) | Actor::Console(_) | Actor::Program(_) | Actor::Maker(_) => None,
    };
    identity.unwrap().person.id
}

/// Another administrator at a tenant itself, signed in.
async fn second(house: &House, at: &Branch, role: Role) -> (Person, Actor) {
    let person = house.person(at, "second@spa.example", KIND, role).await;
    let identity = sign_in(house, at, "second@spa.example").await;
    (person, Actor::Person(Box::new(identity)))
}

#[tokio::test]
async fn the_last_administrator_of_a_tree_neither_steps_down_nor_leaves() {
    for role in [Role::Owner, Role::Admin] {
        let (house, spa, gym) = family().await;
        let last = actor(&house, &spa, role).await;
        house.person(&gym, "below@spa.example", KIND, Role::Owner).await;
        house.person(&spa, "user@spa.example", KIND, Role::User).await;
        assert!(is_conflict(demote(&house, &last, &spa, id_of(&last)).await));
        assert!(is_conflict(remove(&house, &last, &spa, id_of(&last)).await));
        second(&house, &spa, Role::Admin).await;
        assert!(demote(&house, &last, &spa, id_of(&last)).await.is_ok());
    }
}

#[tokio::test]
async fn whoever_cannot_sign_in_does_not_count() {
    let (house, spa, _) = family().await;
    let (core, caller) = (&house.core, &house.caller);
    let last = actor(&house, &spa, Role::Owner).await;
    let disabled = house.person(&spa, "disabled@spa.example", KIND, Role::Owner).await;
    people::disable(core, caller, &last, &spa, disabled.id).await.unwrap();
    let invited = NewPerson {
        email: doorward_model::Email::parse("invited@spa.example").unwrap(),
        profile: doorward_model::Profile::default(),
        kind: KIND,
        role: Role::Owner,
        standing: None,
        verified: doorward_model::Verified::No,
        password: NewPassword::None,
        notifications: doorward_model::NotificationSettings::default(),
        language: None,
    };
    invite::invite(core, caller, &last, &spa, invited, LinkForm::INVITATION).await.unwrap();
    assert!(is_conflict(remove(&house, &last, &spa, id_of(&last)).await));
}

#[tokio::test]
async fn a_second_place_that_administers_is_enough_to_give_up_the_first() {
    let (house, spa, _) = family().await;
    let last = actor(&house, &spa, Role::Owner).await;
    let as_user = NewMembership { person: id_of(&last), kind: Kind::User, role: Role::Admin, standing: None };
    memberships::give(&house.core, &house.caller, &last, &spa, as_user).await.unwrap();
    assert!(remove(&house, &last, &spa, id_of(&last)).await.is_ok());
}

#[tokio::test]
async fn two_who_end_each_other_at_once_do_not_both_succeed() {
    let (house, spa, _) = family().await;
    let (core, caller) = (&house.core, &house.caller);
    let first = actor(&house, &spa, Role::Owner).await;
    // Read before the other ends their account, as by a request that is under way.
    let (other, second) = second(&house, &spa, Role::Owner).await;
    people::disable(core, caller, &first, &spa, other.id).await.unwrap();
    assert!(is_conflict(people::disable(core, caller, &second, &spa, id_of(&first)).await));
    assert!(is_conflict(people::delete(core, caller, &second, &spa, id_of(&first)).await));
    assert!(is_conflict(demote(&house, &second, &spa, id_of(&first)).await));
    assert!(is_conflict(remove(&house, &second, &spa, id_of(&first)).await));
    assert_eq!(
        people::by_id(core, spa.pool(), id_of(&first)).await.unwrap().status,
        doorward_model::PersonStatus::Active
    );
}

#[tokio::test]
async fn below_the_root_everybody_may_go_because_the_root_reaches_there() {
    let (house, _, gym) = family().await;
    let last = actor(&house, &gym, Role::Owner).await;
    assert!(demote(&house, &last, &gym, id_of(&last)).await.is_ok());
}

#[tokio::test]
async fn an_operator_stops_the_only_administrator_too() {
    let (house, spa, _) = family().await;
    let last = actor(&house, &spa, Role::Owner).await;
    people::disable(&house.core, &house.caller, &house.operator, &spa, id_of(&last)).await.unwrap();
    assert!(remove(&house, &house.operator, &spa, id_of(&last)).await.is_ok());
}
