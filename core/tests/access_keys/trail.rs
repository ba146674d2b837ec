//! What handling keys leaves behind: an event each, no secret in any, and caches told at once.

use super::{holding, member};
use doorward_core::access_keys::{self, Changes};
use doorward_model::{EventKind, Role};
use doorward_store::{Invalidation, events};
use doorward_testkit::House;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn every_change_is_an_event_with_its_actor_and_without_either_half_of_the_pair() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (admin, admins) = member(&house, &here, Role::Admin).await;
    let (person, issued) = member(&house, &here, Role::User).await;
    let actor = holding(&house, &admins).await;
    let (core, caller, pool, id) = (&house.core, &house.caller, issued.key.pool, issued.key.id);
    let later = || house.clock.advance(Duration::from_secs(1));
    later();
    let rotated = access_keys::rotate(core, caller, &actor, pool, id, Duration::from_secs(60)).await.unwrap();
    later();
    access_keys::disable(core, caller, &actor, pool, id).await.unwrap();
    access_keys::disable(core, caller, &actor, pool, id).await.unwrap();
    later();
    access_keys::enable(core, caller, &actor, pool, id).await.unwrap();
    later();
    let changes = Changes { label: Some("Import".to_owned()), ..Changes::default() };
    access_keys::change(core, caller, &actor, pool, id, changes).await.unwrap();

    let who = person.id;
    let mut told = core.db().read(pool, move |tx| events::list_by_person(tx, who, 100)).await.unwrap();
    told.reverse();
    told.retain(|event| event.kind != EventKind::PersonCreated);
    let kinds: Vec<_> = told.iter().map(|event| event.kind).collect();
    let expected = [
        EventKind::KeyCreated,
        EventKind::KeyRotated,
        EventKind::KeyDisabled,
        EventKind::KeyEnabled,
        EventKind::KeyChanged,
    ];
    assert_eq!(kinds, expected, "disabling twice is told once");
    let by_admin = told.iter().skip(1).all(|event| event.actor == Some(format!("person {}", admin.id)));
    assert!(by_admin);
    let everything = format!("{told:?}");
    for half in [issued.key.name.as_str(), issued.secret.expose(), rotated.secret.expose()] {
        assert!(!everything.contains(half));
    }
    assert!(everything.contains(&format!("Nightly export ({id})")));
}

#[tokio::test]
async fn caches_are_told_of_a_key_that_rotated_changed_or_was_disabled() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (_, issued) = member(&house, &here, Role::User).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    house.core.db().set_on_commit(Arc::new(move |stale| heard.lock().unwrap().extend_from_slice(stale)));
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let (pool, id) = (issued.key.pool, issued.key.id);
    // Among several nodes the log tells again, a moment later, what was told here at once.
    let is_told = || told.lock().unwrap().drain(..).any(|stale| stale == Invalidation::Key { pool, key: id });
    access_keys::rotate(core, caller, operator, pool, id, Duration::ZERO).await.unwrap();
    assert!(is_told());
    let end = Some(Some(house.clock.now().plus(Duration::from_secs(9))));
    access_keys::change(core, caller, operator, pool, id, Changes { expires_at: end, ..Changes::default() })
        .await
        .unwrap();
    assert!(is_told());
    access_keys::disable(core, caller, operator, pool, id).await.unwrap();
    assert!(is_told());
}
