//! Places: one per person, tenant and kind; lists in the order they were given.

use super::people::{self, person};
use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{Kind, Membership, MembershipId, Person, PersonStatus, PoolId, Role, TenantId};
use doorward_store::{Db, Error, Invalidation, Part, Tx, memberships};

fn place(n: u32, who: u32) -> Membership {
    Membership {
        id: MembershipId::new(id(n.into())),
        person: person(who).id,
        tenant: TenantId::new(id(1)),
        kind: Kind::User,
        role: Role::User,
        standing: None,
        created_at: at(10),
    }
}

async fn insert(db: &Db, pool: PoolId, place: &Membership) -> Result<(), Error> {
    let place = place.clone();
    db.write(pool, move |tx| memberships::insert(tx, &place)).await
}

async fn list(db: &Db, pool: PoolId, who: u32) -> Vec<Membership> {
    db.read(pool, move |tx| memberships::list_by_person(tx, person(who).id)).await.unwrap()
}

fn stale(pool: PoolId, who: u32) -> Invalidation {
    Invalidation::Person { pool, person: person(who).id }
}

suite! {
    async fn a_persons_places_come_back_oldest_first_in_their_own_pool_only(db) {
        let heard = listen(&db);
        let newest = Membership { kind: Kind::Contact, created_at: at(11), ..place(3, 3) };
        let second = Membership { kind: Kind::Member, standing: Some(ODD.to_owned()), ..place(5, 3) };
        let first = Membership { kind: Kind::Administrator, role: Role::Owner, ..place(4, 3) };
        for place in [&newest, &second, &first] {
            insert(&db, POOL, place).await.unwrap();
        }
        assert_eq!(list(&db, POOL, 3).await, [first, second, newest]);
        assert_eq!(list(&db, POOL, 4).await, []);
        assert_eq!(list(&db, OTHER, 3).await, []);
        assert_eq!(*heard.lock().unwrap(), [stale(POOL, 3); 3]);
    }

    async fn a_second_place_of_the_same_kind_is_refused(db) {
        insert(&db, POOL, &place(3, 3)).await.unwrap();
        let answer = insert(&db, POOL, &place(4, 3)).await;
        assert_breaks(answer, "memberships.pool, memberships.person, memberships.tenant, memberships.kind");
        insert(&db, OTHER, &place(4, 3)).await.unwrap();
    }

    async fn an_update_writes_role_and_standing(db) {
        insert(&db, POOL, &place(3, 3)).await.unwrap();
        let heard = listen(&db);
        let changed = Membership { role: Role::Callcentre, standing: Some(ODD.to_owned()), ..place(3, 3) };
        for pool in [OTHER, POOL] {
            let written = Membership { kind: Kind::Contact, created_at: at(99), ..changed.clone() };
            assert_eq!(list(&db, POOL, 3).await, [place(3, 3)]);
            db.write(pool, move |tx| memberships::update(tx, &written)).await.unwrap();
        }
        assert_eq!(list(&db, POOL, 3).await, [changed]);
        assert_eq!(heard.lock().unwrap().last(), Some(&stale(POOL, 3)));
    }

    async fn a_place_is_taken_away_once(db) {
        insert(&db, POOL, &place(3, 3)).await.unwrap();
        let heard = listen(&db);
        for (pool, was_there) in [(OTHER, false), (POOL, true), (POOL, false)] {
            assert_eq!(db.write(pool, |tx| memberships::delete(tx, place(3, 3).id)).await, Ok(was_there));
        }
        assert_eq!(list(&db, POOL, 3).await, []);
        assert_eq!(*heard.lock().unwrap(), [stale(POOL, 3)]);
    }

    async fn a_tenants_places_are_listed_by_person_and_kind_a_page_at_a_time(db) {
        for who in [3, 4] {
            people::insert(&db, &person(who)).await.unwrap();
        }
        people::insert(&db, &Person { status: PersonStatus::Deleted, ..person(5) }).await.unwrap();
        let contact = Membership { kind: Kind::Contact, ..place(6, 3) };
        let elsewhere = Membership { tenant: TenantId::new(id(2)), ..place(7, 3) };
        for place in [&place(4, 4), &place(3, 3), &contact, &elsewhere, &place(5, 5)] {
            insert(&db, POOL, place).await.unwrap();
        }
        let page = async |pool, after: u32, kind: &'static str| {
            let after = person(after).id;
            let list = move |tx: &mut Tx<'_>| memberships::list_after(tx, POOL.root(), (after, kind), 2);
            db.read(pool, list).await.unwrap().into_iter().map(|(place, _)| place).collect::<Vec<_>>()
        };
        assert_eq!(page(POOL, 1, "").await, [contact, place(3, 3)]);
        assert_eq!(page(POOL, 3, "contact").await, [place(3, 3), place(4, 4)]);
        assert_eq!(page(POOL, 4, "user").await, []);
        assert_eq!(page(OTHER, 1, "").await, []);
    }

    async fn a_tenants_living_people_are_listed_with_their_places_oldest_first(db) {
        for who in [3, 4] {
            people::insert(&db, &person(who)).await.unwrap();
        }
        let gone = Person { status: PersonStatus::Deleted, ..person(5) };
        people::insert(&db, &gone).await.unwrap();
        let places = [
            Membership { created_at: at(11), standing: Some(ODD.to_owned()), ..place(3, 3) },
            place(4, 4),
            place(5, 5),
            Membership { kind: Kind::Contact, ..place(6, 3) },
            Membership { tenant: TenantId::new(id(2)), ..place(7, 3) },
        ];
        for place in &places {
            insert(&db, POOL, place).await.unwrap();
        }
        let people = |pool, start, rows| {
            let part = Part { start, rows };
            db.read(pool, move |tx| {
                let people = memberships::list_people(tx, POOL.root(), Kind::User, part)?;
                Ok((people, memberships::count_people(tx, POOL.root(), Kind::User)?))
            })
        };
        let [newer, older, ..] = places.clone();
        let (older, newer) = ((older, person(4)), (newer, person(3)));
        assert_eq!(people(POOL, 0, 9).await, Ok((vec![older.clone(), newer.clone()], 2)));
        assert_eq!(people(POOL, 0, 1).await, Ok((vec![older], 2)));
        assert_eq!(people(POOL, 1, i64::MAX).await, Ok((vec![newer], 2)));
        assert_eq!(people(POOL, i64::MAX, 1).await, Ok((Vec::new(), 2)));
        assert_eq!(people(OTHER, 0, 9).await, Ok((Vec::new(), 0)));
    }
}
