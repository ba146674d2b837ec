//! Events: every field, newest first, up to a limit.

use super::{ODD, OTHER, POOL, at, id};
use doorward_model::{
    ApplicationId, DoorId, Event, EventId, EventKind, PersonId, PoolId, SessionId, TenantId,
};
use doorward_store::{Db, events, events::Stretch};
use uuid::Uuid;

const WHO: PersonId = PersonId::new(id(100));

fn event(n: u128, second: i64) -> Event {
    Event {
        id: EventId::new(id(n)),
        pool: Some(POOL),
        tenant: None,
        kind: EventKind::SignedIn,
        person: Some(WHO),
        actor: None,
        session: None,
        door: None,
        application: None,
        address: None,
        detail: None,
        at: at(second),
    }
}

async fn insert(db: &Db, event: &Event) {
    let event = event.clone();
    db.write_house(move |tx| events::insert(tx, &event)).await.unwrap();
}

async fn list(db: &Db, pool: PoolId, limit: i64) -> Vec<Event> {
    db.read(pool, move |tx| events::list_by_person(tx, WHO, limit)).await.unwrap()
}

suite! {
    async fn a_persons_events_come_back_newest_first_in_their_own_pool_only(db) {
        let full = Event {
            tenant: Some(TenantId::new(id(5))),
            kind: EventKind::SignInRefused,
            actor: Some(ODD.to_owned()),
            session: Some(SessionId::new(id(6))),
            door: Some(DoorId::new(id(7))),
            application: Some(ApplicationId::new(id(8))),
            address: Some("2001:db8::1".parse().unwrap()),
            detail: Some(ODD.to_owned()),
            ..event(3, 20)
        };
        let of_nobody = Event { person: None, ..event(9, 30) };
        for event in [&event(1, 10), &event(4, 10), &full, &of_nobody] {
            insert(&db, event).await;
        }
        assert_eq!(list(&db, POOL, 10).await, [full.clone(), event(4, 10), event(1, 10)]);
        assert_eq!(list(&db, POOL, 1).await, [full]);
        assert_eq!(list(&db, POOL, 0).await, []);
        assert_eq!(list(&db, OTHER, 10).await, []);
    }

    async fn what_concerns_the_installation_belongs_to_no_pool(db) {
        let of_house = Event { pool: None, ..event(1, 10) };
        insert(&db, &of_house).await;
        assert_eq!(list(&db, POOL, 10).await, []);
        assert_eq!(list(&db, PoolId::new(Uuid::nil()), 10).await, [of_house]);
    }

    async fn an_event_goes_when_its_transaction_is_undone(db) {
        let undone = db.write(POOL, |tx| {
            events::insert(tx, &event(1, 10))?;
            Err::<(), _>(doorward_store::Error::Fault("on purpose".to_owned()))
        }).await;
        assert!(undone.is_err());
        assert_eq!(list(&db, POOL, 10).await, []);
    }

    async fn lists_go_on_behind_a_place_in_one_pool_and_one_tenant_only(db) {
        let tenant = TenantId::new(id(5));
        for n in 1..=6 {
            let there = (n % 2 == 0).then_some(tenant);
            insert(&db, &Event { tenant: there, ..event(n, n.try_into().unwrap()) }).await;
        }
        let ids = |events: Vec<Event>| events.iter().map(|it| it.id.uuid().as_u128()).collect::<Vec<_>>();
        let stretch = |before, since| Stretch { before: EventId::new(id(before)), since: EventId::new(id(since)) };
        let whole = |pool, stretch, limit| db.read(pool, move |tx| events::list_before(tx, stretch, limit));
        assert_eq!(ids(whole(POOL, stretch(6, 2), 3).await.unwrap()), [5, 4, 3]);
        assert_eq!(ids(whole(POOL, stretch(4, 2), 9).await.unwrap()), [3, 2]);
        assert_eq!(ids(whole(OTHER, stretch(9, 0), 9).await.unwrap()), [] as [u128; 0]);
        let there = db.read(POOL, move |tx| events::list_at_tenant_before(tx, tenant, stretch(6, 1), 9)).await;
        assert_eq!(ids(there.unwrap()), [4, 2]);
        let place = (at(5), EventId::new(id(5)));
        let of = db.read(POOL, move |tx| events::list_of_person_before(tx, WHO, place, at(3), 9)).await;
        assert_eq!(ids(of.unwrap()), [4, 3]);
        // The same moment again: the id decides.
        insert(&db, &event(7, 4)).await;
        let of = db.read(POOL, move |tx| events::list_of_person_before(tx, WHO, (at(4), EventId::new(id(7))), at(3), 9)).await;
        assert_eq!(ids(of.unwrap()), [4, 3]);
        let moment = db.read(POOL, move |tx| events::list_at(tx, WHO, at(4), 9)).await;
        assert_eq!(ids(moment.unwrap()), [4, 7]);
        let one = |pool| db.read(pool, |tx| events::find(tx, EventId::new(id(3))));
        assert_eq!(one(POOL).await.unwrap(), Some(event(3, 3)));
        assert_eq!(one(OTHER).await.unwrap(), None);
    }
}
