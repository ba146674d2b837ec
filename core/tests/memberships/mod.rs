//! Places: nobody hands out or takes more than they have.

mod last;

use crate::tree::{actor, is_not_allowed, is_not_found, sign_in, try_sign_in};
use doorward_core::memberships::{self, Changes, NewMembership};
use doorward_core::sessions::{self, Whose};
use doorward_core::{Branch, Error, Part};
use doorward_model::{Kind, MailKind, Person, Role};
use doorward_testkit::House;

const KIND: Kind = Kind::Administrator;

fn place(person: &Person, role: Role) -> NewMembership {
    NewMembership { person: person.id, kind: KIND, role, standing: None }
}

fn to(role: Role) -> Changes {
    Changes { role: Some(role), ..Changes::default() }
}

async fn family() -> (House, Branch, Branch) {
    let house = House::start().await;
    let spa = house.pool("spa").await;
    let gym = house.child("gym", &spa).await;
    (house, spa, gym)
}

#[tokio::test]
async fn a_place_opens_the_door_and_is_told_by_mail() {
    let (house, spa, gym) = family().await;
    let ada = house.person(&gym, "ada@spa.example", KIND, Role::User).await;
    assert!(try_sign_in(&house, &spa, "ada@spa.example").await.is_err());
    memberships::give(&house.core, &house.caller, &house.operator, &spa, place(&ada, Role::User))
        .await
        .unwrap();
    assert!(try_sign_in(&house, &spa, "ada@spa.example").await.is_ok());
    let mails = house.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.kind).collect::<Vec<_>>(), [MailKind::MembershipAdded]);
    let again =
        memberships::give(&house.core, &house.caller, &house.operator, &spa, place(&ada, Role::User)).await;
    assert!(matches!(again, Err(Error::Conflict { .. })));
}

#[tokio::test]
async fn roles_are_given_changed_and_taken_up_to_ones_own() {
    let (house, spa, gym) = family().await;
    let admin = actor(&house, &spa, Role::Admin).await;
    let ada = house.person(&gym, "ada@spa.example", KIND, Role::User).await;
    let boss = house.person(&spa, "boss@spa.example", KIND, Role::Owner).await;
    let give = |role| memberships::give(&house.core, &house.caller, &admin, &spa, place(&ada, role));
    assert!(is_not_allowed(give(Role::Owner).await));
    assert!(give(Role::Callcentre).await.is_ok());
    let change = |person: &Person, role| {
        memberships::change(&house.core, &house.caller, &admin, &spa, (person.id, KIND), to(role))
    };
    assert_eq!(change(&ada, Role::Admin).await.unwrap().role, Role::Admin);
    assert!(is_not_allowed(change(&ada, Role::Owner).await));
    assert!(is_not_allowed(change(&boss, Role::User).await));
    assert!(is_not_allowed(memberships::take(&house.core, &house.caller, &admin, &spa, boss.id, KIND).await));
    assert!(memberships::take(&house.core, &house.caller, &admin, &spa, ada.id, KIND).await.is_ok());
    assert!(is_not_found(change(&ada, Role::User).await));
}

#[tokio::test]
async fn taking_the_last_place_that_reaches_ends_the_session_there_and_for_good() {
    let (house, spa, gym) = family().await;
    let ada = house.person(&spa, "ada@spa.example", KIND, Role::User).await;
    memberships::give(&house.core, &house.caller, &house.operator, &gym, place(&ada, Role::User))
        .await
        .unwrap();
    let at_spa = sign_in(&house, &spa, "ada@spa.example").await;
    sign_in(&house, &gym, "ada@spa.example").await;
    memberships::take(&house.core, &house.caller, &house.operator, &spa, ada.id, KIND).await.unwrap();
    memberships::give(&house.core, &house.caller, &house.operator, &spa, place(&ada, Role::User))
        .await
        .unwrap();
    let left = sessions::list(&house.core, Whose::Own(&at_spa)).await.unwrap();
    assert_eq!(left.iter().map(|session| session.tenant).collect::<Vec<_>>(), [gym.tenant().id]);
}

#[tokio::test]
async fn people_of_another_pool_are_nobody() {
    let (house, spa, _) = family().await;
    let quayside = house.pool("quayside").await;
    let stranger = house.person(&quayside, "ada@quayside.example", KIND, Role::User).await;
    let admin = actor(&house, &spa, Role::Owner).await;
    let given =
        memberships::give(&house.core, &house.caller, &admin, &spa, place(&stranger, Role::User)).await;
    assert!(is_not_found(given));
    let part = Part { start: 0, rows: 1 };
    assert!(is_not_found(memberships::list(&house.core, &admin, &quayside, KIND, part).await));
    assert!(is_not_found(
        memberships::reaching(&house.core, &spa, doorward_model::PersonNumber::new(9_999).unwrap(), KIND)
            .await
    ));
}

#[tokio::test]
async fn a_customer_administers_nothing_whoever_says_so() {
    let (house, spa, _) = family().await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let ada = house.person(&spa, "ada@spa.example", KIND, Role::User).await;
    let member = |role| NewMembership { kind: Kind::Member, ..place(&ada, role) };
    let is_refused = |outcome: Result<_, Error>| matches!(outcome, Err(Error::Invalid { field: "role", .. }));
    for role in [Role::Owner, Role::Admin] {
        assert!(is_refused(memberships::give(core, caller, operator, &spa, member(role)).await));
    }
    memberships::give(core, caller, operator, &spa, member(Role::User)).await.unwrap();
    let here = (ada.id, Kind::Member);
    assert!(is_refused(memberships::change(core, caller, operator, &spa, here, to(Role::Owner)).await));
    memberships::change(core, caller, operator, &spa, here, to(Role::Callcentre)).await.unwrap();
}

#[tokio::test]
async fn a_standing_is_a_line() {
    let (house, spa, gym) = family().await;
    let ada = house.person(&gym, "ada@spa.example", KIND, Role::User).await;
    for wrong in ["", "a\nb", &"x".repeat(251)] {
        let standing = Some(wrong.to_owned());
        let new = NewMembership { standing: standing.clone(), ..place(&ada, Role::User) };
        let given = memberships::give(&house.core, &house.caller, &house.operator, &spa, new).await;
        assert!(matches!(given, Err(Error::Invalid { field: "standing", .. })), "{given:?}");
        let changes = Changes { standing: Some(standing), ..Changes::default() };
        let whose = (ada.id, KIND);
        let changed =
            memberships::change(&house.core, &house.caller, &house.operator, &gym, whose, changes).await;
        assert!(matches!(changed, Err(Error::Invalid { field: "standing", .. })), "{changed:?}");
    }
}
