//! Applications: who is admitted, who may make and change them, and what is noted of their use.

use doorward_core::applications::{self, Changes, Made, NewApplication, NewKey};
use doorward_core::{Branch, Error};
use doorward_model::{AppId, Kind, Role, Secret, Timestamp};
use doorward_testkit::House;
use std::time::Duration;

use crate::tree::{actor, is_not_allowed, is_not_found};

fn new(app_id: &str, key: NewKey) -> NewApplication {
    NewApplication {
        name: "Partner".to_owned(),
        app_id: AppId::parse(app_id),
        key,
        trusted_server: false,
        origins: Vec::new(),
    }
}

async fn make(house: &House, at: &Branch, app_id: &str, key: NewKey) -> Made {
    applications::create(&house.core, &house.caller, &house.operator, at, new(app_id, key)).await.unwrap()
}

#[tokio::test]
async fn a_key_alone_finds_its_application_while_it_is_good() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let made = make(&house, &pool, "partner1", NewKey::Random).await;
    let key = made.key.unwrap();
    let found = applications::by_key(&house.core, &key).await.unwrap();
    assert_eq!(found.id, made.application.id);
    let none = Duration::ZERO;
    let id = made.application.id;
    applications::rotate_key(&house.core, &house.caller, &house.operator, pool.pool(), id, none)
        .await
        .unwrap();
    for key in [key, Secret::new("wrong"), Secret::new("")] {
        let refused = applications::by_key(&house.core, &key).await;
        assert!(matches!(refused, Err(Error::ApplicationRefused)));
    }
}

#[tokio::test]
async fn a_program_cannot_be_named_like_a_person() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    for uuid in ["0192f3c4-7a6b-7c1d-8e2f-3a4b5c6d7e8f", "0192F3C47A6B7C1D8E2F3A4B5C6D7E8F"] {
        let made = new(uuid, NewKey::None);
        let refused = applications::create(&house.core, &house.caller, &house.operator, &pool, made).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "app_id", .. })), "{uuid}");
    }
}

#[tokio::test]
async fn a_removed_key_is_not_asked_for_any_more() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let made = make(&house, &pool, "partner1", NewKey::Random).await;
    assert!(applications::admit(&house.core, "partner1", None).await.is_err());
    let id = made.application.id;
    applications::remove_key(&house.core, &house.caller, &house.operator, pool.pool(), id).await.unwrap();
    assert!(applications::admit(&house.core, "partner1", None).await.is_ok());
    assert!(applications::by_key(&house.core, &made.key.unwrap()).await.is_err());
}

#[tokio::test]
async fn administrators_make_applications_but_bring_no_keys_and_trust_no_servers() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (admin, owner) = (actor(&house, &pool, Role::Admin).await, actor(&house, &pool, Role::Owner).await);
    let create = |actor, new| applications::create(&house.core, &house.caller, actor, &pool, new);
    assert!(create(&admin, new("partner1", NewKey::Random)).await.is_ok());
    let brought = NewKey::Chosen(Secret::new("0123456789abcdef"));
    assert!(is_not_allowed(create(&owner, new("partner2", brought.clone())).await));
    let trusted = |id| NewApplication { trusted_server: true, ..new(id, NewKey::Random) };
    assert!(is_not_allowed(create(&admin, trusted("partner3")).await));
    assert!(create(&owner, trusted("partner3")).await.is_ok());
    assert!(create(&house.operator, new("partner4", brought)).await.is_ok());
    let taken = create(&admin, new("partner1", NewKey::None)).await;
    assert!(matches!(taken, Err(Error::Conflict { .. })));
    let user = actor(&house, &pool, Role::User).await;
    assert!(is_not_allowed(create(&user, new("partner5", NewKey::None)).await));
    let made = applications::list(&house.core, &admin, &pool).await.unwrap();
    assert_eq!(made.len(), 3);
}

#[tokio::test]
async fn the_key_of_a_trusted_server_is_an_owners_to_ask_for_and_turning_one_off_is_not() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (admin, owner) = (actor(&house, &pool, Role::Admin).await, actor(&house, &pool, Role::Owner).await);
    let trusted = NewApplication { trusted_server: true, ..new("partner1", NewKey::Random) };
    let (core, caller) = (&house.core, &house.caller);
    let id = applications::create(core, caller, &owner, &pool, trusted).await.unwrap().application.id;
    let rotate =
        |actor| applications::rotate_key(core, caller, actor, pool.pool(), id, Duration::from_secs(60));
    assert!(is_not_allowed(rotate(&admin).await), "with it the admin could sign in as the owner");
    assert!(rotate(&owner).await.is_ok());
    assert!(is_not_allowed(applications::remove_key(core, caller, &admin, pool.pool(), id).await));
    let turn = |actor, off| applications::set_disabled(core, caller, actor, pool.pool(), id, off);
    assert!(turn(&admin, true).await.is_ok());
    assert!(is_not_allowed(turn(&admin, false).await));
    assert!(turn(&owner, false).await.is_ok());
}

#[tokio::test]
async fn an_application_of_another_branch_or_pool_is_out_of_reach() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let made = make(&house, &gym, "partner1", NewKey::Random).await.application;
    let admin = actor(&house, &spa, Role::Owner).await;
    let rename = Changes { name: Some("Mine".to_owned()), ..Changes::default() };
    let edited =
        applications::edit(&house.core, &house.caller, &admin, made.pool, made.id, rename.clone()).await;
    assert!(is_not_allowed(edited));
    assert!(applications::list(&house.core, &admin, &spa).await.unwrap().is_empty());
    let other = house.pool("quayside").await;
    let foreigner = actor(&house, &other, Role::Owner).await;
    let edited = applications::edit(&house.core, &house.caller, &foreigner, made.pool, made.id, rename).await;
    assert!(is_not_found(edited));
    assert!(applications::reaches(&made, &gym) && !applications::reaches(&made, &pool));
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::Admin).await;
    let id = make(&house, &pool, "partner1", NewKey::None).await.application.id;
    let noted = async |at: Timestamp| {
        // Noted behind the answer, so the test asks until it is there; and comes again, since a use that finds the write of the one
        // before still under way is left to the next.
        let is_noted = async || {
            let found = applications::by_id(&house.core, pool.pool(), id).await.unwrap();
            found.last_used_at == Some(at)
        };
        let seen = async {
            loop {
                applications::admit(&house.core, "partner1", None).await.unwrap();
                if is_noted().await {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), seen).await.unwrap();
    };
    let first = house.core.now();
    noted(first).await;
    house.clock.advance(Duration::from_secs(59));
    noted(first).await;
    house.clock.advance(Duration::from_secs(1));
    noted(house.core.now()).await;
}

#[tokio::test]
async fn a_name_is_a_line_and_an_origin_is_what_a_browser_sends() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let made = make(&house, &pool, "partner1", NewKey::None).await.application;
    let (blank, path) = (" ".to_owned(), vec!["https://shop.example/".to_owned()]);
    for wrong in [
        NewApplication { name: blank.clone(), ..new("partner2", NewKey::None) },
        NewApplication { name: "a\nb".to_owned(), ..new("partner2", NewKey::None) },
        NewApplication { origins: path.clone(), ..new("partner2", NewKey::None) },
    ] {
        let refused = applications::create(&house.core, &house.caller, &house.operator, &pool, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
    for wrong in [
        Changes { name: Some(blank), ..Changes::default() },
        Changes { origins: Some(path), ..Changes::default() },
    ] {
        let refused =
            applications::edit(&house.core, &house.caller, &house.operator, pool.pool(), made.id, wrong)
                .await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
    let now = applications::by_id(&house.core, pool.pool(), made.id).await.unwrap();
    assert_eq!((now.name, now.origins), (made.name, made.origins));
}
