//! Who may handle whose keys.

use super::{create, holding, is_not_allowed, is_not_found, member};
use doorward_core::access_keys;
use doorward_core::memberships::{self, NewMembership};
use doorward_model::{Kind, Role};
use doorward_testkit::House;
use std::time::Duration;

#[tokio::test]
async fn administrators_handle_keys_of_their_equals_and_below_and_never_an_owners() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (owner, owners) = member(&house, &here, Role::Owner).await;
    let (_, admins) = member(&house, &here, Role::Admin).await;
    let (user, users) = member(&house, &here, Role::User).await;
    let admin = holding(&house, &admins).await;
    assert!(create(&house, &admin, &here, &user).await.is_ok());
    assert!(is_not_allowed(create(&house, &admin, &here, &owner).await));
    let rotate = async |key: &access_keys::IssuedKey| {
        let (pool, id) = (key.key.pool, key.key.id);
        access_keys::rotate(&house.core, &house.caller, &admin, pool, id, Duration::ZERO).await
    };
    assert!(rotate(&users).await.is_ok());
    assert!(is_not_allowed(rotate(&owners).await), "an owner's secret would make the admin an owner");
    let disabled =
        access_keys::disable(&house.core, &house.caller, &admin, owners.key.pool, owners.key.id).await;
    assert!(is_not_allowed(disabled));
}

#[tokio::test]
async fn whoever_is_an_owner_further_down_is_out_of_an_administrators_reach() {
    let house = House::start().await;
    let top = house.pool("top").await;
    let spa = house.child("spa", &top).await;
    let (_, admins) = member(&house, &top, Role::Admin).await;
    let (user, key) = member(&house, &top, Role::User).await;
    let place = NewMembership { person: user.id, kind: Kind::User, role: Role::Owner, standing: None };
    memberships::give(&house.core, &house.caller, &house.operator, &spa, place).await.unwrap();
    let admin = holding(&house, &admins).await;
    assert!(is_not_allowed(create(&house, &admin, &top, &user).await), "the key would own the spa");
    let (pool, id) = (key.key.pool, key.key.id);
    let rotated = access_keys::rotate(&house.core, &house.caller, &admin, pool, id, Duration::ZERO).await;
    assert!(is_not_allowed(rotated));
}

#[tokio::test]
async fn users_handle_no_keys_not_even_their_own() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (user, key) = member(&house, &here, Role::User).await;
    let actor = holding(&house, &key).await;
    assert!(is_not_allowed(create(&house, &actor, &here, &user).await));
    assert!(is_not_allowed(access_keys::list(&house.core, &actor, &here).await));
    assert!(is_not_allowed(access_keys::by_name(&house.core, &actor, &key.key.name).await));
}

#[tokio::test]
async fn a_key_of_another_pool_answers_like_one_that_does_not_exist() {
    let house = House::start().await;
    let (here, there) = (house.pool("here").await, house.pool("there").await);
    let (_, ours) = member(&house, &here, Role::Owner).await;
    let (stranger, theirs) = member(&house, &there, Role::User).await;
    let owner = holding(&house, &ours).await;
    let (pool, id) = (theirs.key.pool, theirs.key.id);
    let (core, caller) = (&house.core, &house.caller);
    assert!(is_not_found(access_keys::by_id(core, &owner, pool, id).await));
    assert!(is_not_found(access_keys::by_id(core, &owner, here.pool(), id).await));
    assert!(is_not_found(access_keys::by_name(core, &owner, &theirs.key.name).await));
    assert!(is_not_found(access_keys::rotate(core, caller, &owner, pool, id, Duration::ZERO).await));
    assert!(is_not_found(access_keys::disable(core, caller, &owner, pool, id).await));
    assert!(is_not_found(access_keys::list(core, &owner, &there).await));
    assert!(is_not_found(create(&house, &owner, &here, &stranger).await));
}

#[tokio::test]
async fn a_parents_administrator_sees_the_keys_below_and_a_childs_not_those_above_or_beside() {
    let house = House::start().await;
    let top = house.pool("top").await;
    let (spa, gym) = (house.child("spa", &top).await, house.child("gym", &top).await);
    let (_, tops) = member(&house, &top, Role::Admin).await;
    let (_, spas) = member(&house, &spa, Role::Admin).await;
    let (_, gyms) = member(&house, &gym, Role::Admin).await;
    let (above, below) = (holding(&house, &tops).await, holding(&house, &spas).await);
    let names = async |actor, at| {
        let listed = access_keys::list(&house.core, actor, at).await.unwrap();
        listed.into_iter().map(|listed| listed.key.name).collect::<Vec<_>>()
    };
    let all = [&tops, &spas, &gyms].map(|key| key.key.name.clone());
    assert_eq!(names(&above, &top).await, all);
    assert_eq!(names(&below, &spa).await, std::slice::from_ref(&spas.key.name));
    assert!(is_not_allowed(access_keys::list(&house.core, &below, &top).await));
    assert!(is_not_allowed(access_keys::list(&house.core, &below, &gym).await));
    assert!(is_not_allowed(access_keys::by_name(&house.core, &below, &gyms.key.name).await));
}

#[tokio::test]
async fn a_key_is_for_somebody_with_a_place_there_who_may_sign_in() {
    let house = House::start().await;
    let top = house.pool("top").await;
    let (spa, gym) = (house.child("spa", &top).await, house.child("gym", &top).await);
    let gymnast = house.person(&gym, "gymnast@gym.example", Kind::User, Role::User).await;
    assert!(is_not_found(create(&house, &house.operator, &spa, &gymnast).await));
    let (core, caller) = (&house.core, &house.caller);
    doorward_core::people::disable(core, caller, &house.operator, &gym, gymnast.id).await.unwrap();
    let refused = create(&house, &house.operator, &gym, &gymnast).await;
    assert!(matches!(refused, Err(doorward_core::Error::Invalid { field: "person", .. })));
}
