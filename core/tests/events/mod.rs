//! Events, read: by whom, which, in which order, to the end.

use crate::tree::{actor, is_not_allowed, is_not_found, sign_in};
use doorward_core::events::{self, Filter, Place, Scene, Told};
use doorward_core::{Actor, sign_out, tenants};
use doorward_model::{Event, EventId, EventKind, Kind, Role, Timestamp};
use doorward_store::events as stored;
use doorward_testkit::House;
use std::time::Duration;
use uuid::Builder;

/// A list, read page by page to its end; and how many pages it took.
async fn all(house: &House, by: &Actor, scene: Scene<'_>, filter: Filter, rows: usize) -> (Vec<Told>, usize) {
    let (mut found, mut before, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = events::list(&house.core, by, scene, filter, before, rows).await.unwrap();
        assert!(page.items.len() <= rows);
        pages += 1;
        found.extend(page.items);
        match page.next {
            // As a cursor carries it.
            Some(place) => before = Place::of(&place.bytes()),
            None => return (found, pages),
        }
    }
}

fn tenants_of(told: &[Told]) -> Vec<&str> {
    let mut names: Vec<&str> = told.iter().filter_map(|told| told.names.tenant.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn is_newest_first(told: &[Told]) -> bool {
    told.windows(2).all(|two| matches!(two, [one, other] if one.event.at >= other.event.at))
}

#[tokio::test]
async fn administrators_see_their_tenant_and_what_is_below_it() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.pool("quayside").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let sauna = house.child("sauna", &spa).await;
    for (n, at) in [&sauna, &spa, &gym, &pool, &sauna, &spa].into_iter().enumerate() {
        house.clock.advance(Duration::from_secs(1));
        house.person(at, &format!("p{n}@harbour.example"), Kind::User, Role::User).await;
    }
    let whole = all(&house, &house.operator, Scene::At(&pool), Filter::default(), 2).await.0;
    assert_eq!(tenants_of(&whole), ["Gym", "Harbour", "Sauna", "Spa"]);
    assert!(is_newest_first(&whole));

    let ada = actor(&house, &spa, Role::Admin).await;
    let below = all(&house, &ada, Scene::At(&spa), Filter::default(), 2).await.0;
    assert_eq!(tenants_of(&below), ["Sauna", "Spa"]);
    assert!(is_newest_first(&below));
    let made = |told: &[Told]| told.iter().filter(|told| told.event.kind == EventKind::PersonCreated).count();
    assert_eq!((made(&whole), made(&below)), (6, 4 + 1), "and Ada herself");

    let look = async |scene| events::list(&house.core, &ada, scene, Filter::default(), None, 9).await;
    assert!(is_not_allowed(look(Scene::At(&pool)).await));
    assert!(is_not_allowed(look(Scene::At(&gym)).await));
    assert!(is_not_allowed(look(Scene::House).await));
    assert!(is_not_found(look(Scene::At(&house.pool("elsewhere").await)).await));
    let find = async |id| events::find(&house.core, &ada, Scene::At(&spa), id).await;
    let own = below.first().unwrap();
    assert_eq!(find(own.event.id).await.unwrap(), *own);
    let siblings = whole.iter().find(|told| told.names.tenant.as_deref() == Some("Gym")).unwrap();
    assert!(is_not_found(find(siblings.event.id).await));

    let user = actor(&house, &spa, Role::User).await;
    let look = events::list(&house.core, &user, Scene::At(&spa), Filter::default(), None, 9).await;
    assert!(is_not_allowed(look));
}

#[tokio::test]
async fn a_tenant_with_very_many_below_it_sees_them_all_and_nothing_else() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (left, right) = (house.child("left", &pool).await, house.child("right", &pool).await);
    for n in 0..40 {
        house.child(&format!("left-{n}"), &left).await;
        house.clock.advance(Duration::from_millis(1));
    }
    house.child("right-below", &right).await;
    let (seen, pages) = all(&house, &house.operator, Scene::At(&left), Filter::default(), 7).await;
    let names = tenants_of(&seen);
    assert_eq!((names.len(), pages), (41, 6));
    assert!(names.iter().all(|name| name.starts_with("Left")), "{names:?}");
    // What happened before a tenant was deleted still did.
    tenants::delete(&house.core, &house.caller, &house.operator, &left).await.unwrap();
    let whole = all(&house, &house.operator, Scene::At(&pool), Filter::default(), 50).await.0;
    assert_eq!(tenants_of(&whole).len(), 44);
}

#[tokio::test]
async fn filters_narrow_a_list_and_its_pages_go_on() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let spa = house.child("spa", &pool).await;
    let ada = house.person(&spa, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let mut sessions = Vec::new();
    let start = house.core.now();
    for _ in 0..5 {
        house.clock.advance(Duration::from_secs(60));
        let identity = sign_in(&house, &spa, "ada@harbour.example").await;
        house.clock.advance(Duration::from_secs(1));
        sign_out::sign_out(&house.core, &house.caller, &identity).await.unwrap();
        sessions.push(identity.session().unwrap().id);
    }
    let count = async |filter: Filter| {
        let (told, _) = all(&house, &house.operator, Scene::At(&spa), filter, 2).await;
        assert!(is_newest_first(&told));
        told.len()
    };
    let minute = |n: u64| Some(start.plus(Duration::from_secs(60 * n)));
    let kind = Some(EventKind::SignedIn);
    assert_eq!(count(Filter { kind, ..Filter::default() }).await, 5);
    assert_eq!(count(Filter { kind, person: Some(ada.id), ..Filter::default() }).await, 5);
    assert_eq!(count(Filter { kind: Some(EventKind::Restored), ..Filter::default() }).await, 0);
    assert_eq!(count(Filter { session: sessions.get(2).copied(), ..Filter::default() }).await, 2);
    for person in [None, Some(ada.id)] {
        // The first sign-in was at the first minute; the second one is two seconds late: signing out took one each.
        let within = Filter { kind, person, from: minute(1), to: minute(3), ..Filter::default() };
        assert_eq!(count(within).await, 2, "{person:?}");
        let until = Filter { kind, person, to: minute(1), ..Filter::default() };
        assert_eq!(count(until).await, 0, "{person:?}: the end is not within");
    }
    // Somebody else's in the same tenant.
    let eve = house.person(&spa, "eve@harbour.example", Kind::User, Role::User).await;
    assert_eq!(count(Filter { person: Some(eve.id), ..Filter::default() }).await, 1);
}

#[tokio::test]
async fn a_rare_kind_is_found_in_pages_that_look_at_so_many_only() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (root, start) = (pool.tenant().id, house.core.now().micros() / 1000);
    let many = move |tx: &mut doorward_store::Tx<'_>| {
        for n in 1..=9_000_u32 {
            let kind = if n == 1 { EventKind::KeyCreated } else { EventKind::SignedIn };
            let millis = u64::try_from(start).unwrap() + u64::from(n);
            let id = Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid();
            stored::insert(
                tx,
                &Event {
                    id: EventId::new(id),
                    pool: Some(tx.pool()),
                    tenant: Some(root),
                    kind,
                    person: None,
                    actor: None,
                    session: None,
                    door: None,
                    application: None,
                    address: None,
                    detail: None,
                    at: Timestamp::from_micros(i64::try_from(millis).unwrap() * 1000),
                },
            )?;
        }
        Ok(())
    };
    house.core.db().write(pool.pool(), many).await.unwrap();
    let rare = Filter { kind: Some(EventKind::KeyCreated), ..Filter::default() };
    let first = events::list(&house.core, &house.operator, Scene::At(&pool), rare, None, 50).await.unwrap();
    assert!(first.items.is_empty() && first.next.is_some());
    let (told, pages) = all(&house, &house.operator, Scene::At(&pool), rare, 50).await;
    assert_eq!((told.len(), pages), (1, 3));
}

#[tokio::test]
async fn the_house_has_events_of_its_own() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.door(doorward_model::Dialect::Bookingbug, "book.example", None).await;
    let told = all(&house, &house.operator, Scene::House, Filter::default(), 9).await.0;
    let sentences: Vec<String> = told.iter().map(Told::sentence).collect();
    assert_eq!(sentences, ["An operator made or changed a door (book.example at book.example)"]);
    let of_pool = all(&house, &house.operator, Scene::At(&pool), Filter::default(), 9).await.0;
    assert!(of_pool.iter().all(|told| told.event.kind != EventKind::DoorSet));
}

#[tokio::test]
async fn an_event_is_told_with_the_names_of_now() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let ada = actor(&house, &pool, Role::Admin).await;
    let eve = house.person(&pool, "eve@harbour.example", Kind::User, Role::User).await;
    doorward_core::people::disable(&house.core, &house.caller, &ada, &pool, eve.id).await.unwrap();
    let disabled = Filter { kind: Some(EventKind::PersonDisabled), ..Filter::default() };
    let told = all(&house, &ada, Scene::At(&pool), disabled, 9).await.0;
    assert_eq!(told.first().unwrap().sentence(), "Ada Example disabled Ada Example at Harbour");
}
