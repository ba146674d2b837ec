//! Sessions: they slide forward, move, are carried over and end, each one by itself.

use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{
    ApplicationId, DoorId, Kind, PersonId, PoolId, Session, SessionId, SessionScheme, TenantId,
};
use doorward_store::{
    Db, Error, Invalidation, Statements, lookup, revocations, sessions, sessions::StoredSession, sql,
};

const WHO: PersonId = PersonId::new(id(100));

pub(super) fn opened(n: u8) -> StoredSession {
    StoredSession {
        session: Session {
            id: SessionId::new(id(n.into())),
            pool: POOL,
            person: WHO,
            tenant: TenantId::new(id(1)),
            kind: Kind::User,
            application: None,
            door: None,
            scheme: SessionScheme::Cookie,
            signed_in_at: at(10),
            last_used_at: at(10),
            idle_until: at(20),
            expires_at: at(100),
            address: None,
            agent: None,
        },
        token_hash: [n; 32],
        person_generation: 1,
        tenant_generation: 2,
        epoch: 3,
    }
}

/// A session that ends at these two times; the idle end is never the later one.
fn ending(n: u8, idle_until: i64, expires_at: i64) -> StoredSession {
    let mut ending = opened(n);
    ending.session.idle_until = at(idle_until);
    ending.session.expires_at = at(expires_at);
    ending
}

async fn insert(db: &Db, pool: PoolId, opened: &StoredSession) -> Result<(), Error> {
    let opened = opened.clone();
    db.write(pool, move |tx| sessions::insert(tx, &opened)).await
}

async fn find(db: &Db, pool: PoolId, n: u8) -> Option<StoredSession> {
    db.read(pool, move |tx| sessions::find(tx, opened(n).session.id)).await.unwrap()
}

async fn leads(db: &Db, n: u8) -> bool {
    db.read_house(move |tx| lookup::sessions::find(tx, &[n; 32])).await.unwrap().is_some()
}

suite! {
    async fn surplus_is_what_is_older_than_the_newest_kept(db) {
        for n in 1..=5 {
            let mut session = opened(n);
            // Two of one moment: then the id decides, the same on every engine.
            session.session.signed_in_at = at(i64::from(n / 2));
            insert(&db, POOL, &session).await.unwrap();
        }
        let surplus = |kept, limit| {
            let listed = db.read(POOL, move |tx| sessions::list_surplus(tx, WHO, kept, limit));
            async move { listed.await.unwrap() }
        };
        let ids = |numbers: &[u8]| numbers.iter().map(|n| opened(*n).session.id).collect::<Vec<_>>();
        assert_eq!(surplus(5, 10).await, []);
        assert_eq!(surplus(2, 10).await, ids(&[3, 2, 1]));
        assert_eq!(surplus(0, 2).await, ids(&[5, 4]));
        let elsewhere = db.read(OTHER, |tx| sessions::list_surplus(tx, WHO, 0, 10)).await.unwrap();
        assert_eq!(elsewhere, []);
    }

    async fn a_session_comes_back_as_it_was_in_its_own_pool_only(db) {
        let mut full = opened(4);
        full.session.application = Some(ApplicationId::new(id(7)));
        full.session.door = Some(DoorId::new(id(8)));
        full.session.scheme = SessionScheme::DoorwardSession;
        full.session.kind = Kind::Member;
        full.session.address = Some("192.0.2.1".parse().unwrap());
        full.session.agent = Some(ODD.to_owned());
        full.session.signed_in_at = at(5);
        for opened in [&opened(3), &full] {
            insert(&db, POOL, opened).await.unwrap();
        }
        assert_eq!(find(&db, POOL, 3).await, Some(opened(3)));
        assert_eq!(find(&db, POOL, 4).await, Some(full.clone()));
        assert_eq!(find(&db, OTHER, 3).await, None);
        let list = |pool, who| db.read(pool, move |tx| sessions::list_by_person(tx, who));
        assert_eq!(list(POOL, WHO).await.unwrap(), [full, opened(3)]);
        assert_eq!(list(OTHER, WHO).await.unwrap(), []);
        assert_eq!(list(POOL, PersonId::new(id(101))).await.unwrap(), []);
    }

    async fn a_session_from_before_kinds_were_kept_is_taken_for_the_least_its_door_opens(db) {
        let schemes = [SessionScheme::Cookie, SessionScheme::AuthToken, SessionScheme::DoorwardSession];
        for (n, scheme) in (3..).zip(schemes) {
            let mut old = opened(n);
            old.session.scheme = scheme;
            old.session.kind = Kind::Administrator;
            insert(&db, POOL, &old).await.unwrap();
        }
        db.write(POOL, |tx| tx.execute(&sql("UPDATE sessions SET kind = NULL"), &[])).await.unwrap();
        for (n, kind) in [(3, Kind::User), (4, Kind::Member), (5, Kind::Contact)] {
            assert_eq!(find(&db, POOL, n).await.unwrap().session.kind, kind);
        }
    }

    async fn a_token_opens_one_session_of_all_pools(db) {
        insert(&db, POOL, &opened(3)).await.unwrap();
        let same_token = StoredSession { token_hash: opened(3).token_hash, ..opened(4) };
        assert_breaks(insert(&db, OTHER, &same_token).await, "lookup_sessions.token_hash");
    }

    async fn the_idle_end_slides_forward_and_never_back(db) {
        insert(&db, POOL, &opened(3)).await.unwrap();
        for (pool, used, idle_until, expected) in [
            (OTHER, 11, 30, (10, 20)), (POOL, 11, 30, (11, 30)), (POOL, 9, 25, (11, 30)), (POOL, 12, 31, (12, 31)),
        ] {
            db.write(pool, move |tx| sessions::touch(tx, opened(3).session.id, at(used), at(idle_until)))
                .await
                .unwrap();
            let session = find(&db, POOL, 3).await.unwrap().session;
            assert_eq!((session.last_used_at, session.idle_until), (at(expected.0), at(expected.1)));
        }
    }

    async fn a_session_moves_to_another_tenant(db) {
        insert(&db, POOL, &opened(3)).await.unwrap();
        let heard = listen(&db);
        let there = TenantId::new(id(5));
        for pool in [OTHER, POOL] {
            assert_eq!(find(&db, POOL, 3).await, Some(opened(3)));
            db.write(pool, move |tx| sessions::move_to(tx, opened(3).session.id, there, 9)).await.unwrap();
        }
        let mut moved = StoredSession { tenant_generation: 9, ..opened(3) };
        moved.session.tenant = there;
        assert_eq!(find(&db, POOL, 3).await, Some(moved));
        let told = Invalidation::Session { pool: POOL, session: opened(3).session.id };
        assert_eq!(heard.lock().unwrap().last(), Some(&told));
    }

    async fn one_session_is_carried_over_to_a_new_generation(db) {
        for n in [3, 4] {
            insert(&db, POOL, &opened(n)).await.unwrap();
        }
        for pool in [OTHER, POOL] {
            assert_eq!(find(&db, POOL, 3).await, Some(opened(3)));
            db.write(pool, |tx| sessions::keep(tx, opened(3).session.id, 2)).await.unwrap();
        }
        assert_eq!(find(&db, POOL, 3).await, Some(StoredSession { person_generation: 2, ..opened(3) }));
        assert_eq!(find(&db, POOL, 4).await, Some(opened(4)));
    }

    async fn a_session_ends_once_and_its_token_leads_nowhere(db) {
        insert(&db, POOL, &opened(3)).await.unwrap();
        let heard = listen(&db);
        for (pool, lived) in [(OTHER, false), (POOL, true), (POOL, false)] {
            assert_eq!(db.write(pool, |tx| sessions::delete(tx, opened(3).session.id)).await, Ok(lived));
            assert_eq!(leads(&db, 3).await, pool == OTHER);
        }
        assert_eq!(find(&db, POOL, 3).await, None);
        // Also of what was gone already: it may have been swept, of which nobody is told.
        let told = [OTHER, POOL, POOL].map(|pool| Invalidation::Session { pool, session: opened(3).session.id });
        assert_eq!(*heard.lock().unwrap(), told);
    }

    async fn a_swept_session_that_is_ended_all_the_same_is_forgotten_by_memories(db) {
        insert(&db, POOL, &ending(3, 50, 100)).await.unwrap();
        let heard = listen(&db);
        let swept = db.write_house_bulk(|tx| sessions::sweep(tx, at(10_000), 10)).await;
        assert_eq!((swept, find(&db, POOL, 3).await), (Ok(false), None));
        assert!(heard.lock().unwrap().is_empty());
        assert_eq!(db.write(POOL, |tx| sessions::delete(tx, opened(3).session.id)).await, Ok(false));
        let told = Invalidation::Session { pool: POOL, session: opened(3).session.id };
        assert_eq!(*heard.lock().unwrap(), [told]);
    }

    async fn sessions_past_their_end_are_not_counted_and_are_swept_in_pieces(db) {
        insert(&db, POOL, &ending(3, 50, 100)).await.unwrap();
        insert(&db, OTHER, &ending(4, 51, 51)).await.unwrap();
        insert(&db, POOL, &ending(5, 51, 100)).await.unwrap();
        insert(&db, OTHER, &ending(6, 50, 50)).await.unwrap();
        assert_eq!(db.read_house(|tx| sessions::count_live(tx, at(50))).await, Ok(2));
        let heard = listen(&db);
        // Over for less than an hour: a use that prolongs it may still be on its way.
        assert_eq!(db.write_house_bulk(|tx| sessions::sweep(tx, at(50 + 3_599), 1)).await, Ok(false));
        for may_be_more in [true, true, false] {
            let swept = db.write_house_bulk(|tx| sessions::sweep(tx, at(50 + 3_600), 1)).await;
            assert_eq!(swept, Ok(may_be_more));
        }
        let mut left = Vec::new();
        for n in [3, 4, 5, 6] {
            left.push(leads(&db, n).await);
        }
        assert_eq!(left, [false, true, true, false]);
        assert!(find(&db, POOL, 5).await.is_some() && find(&db, OTHER, 4).await.is_some());
        assert!(heard.lock().unwrap().is_empty(), "they had ended by themselves");
    }

    async fn however_many_are_swept_nobody_is_forgotten(db) {
        for n in 0..150 {
            insert(&db, POOL, &ending(n, 50, 50)).await.unwrap();
        }
        assert_eq!(db.write_house_bulk(|tx| sessions::sweep(tx, at(9_999), 1_000)).await, Ok(false));
        assert_eq!(db.read_house(revocations::epochs).await, Ok(vec![]));
    }

    async fn a_pools_and_a_tenants_sessions_are_listed_newest_first_behind_a_place(db) {
        let elsewhere = TenantId::new(id(9));
        for n in 1..=5 {
            let mut session = opened(n);
            if n == 2 {
                session.session.tenant = elsewhere;
            }
            insert(&db, POOL, &session).await.unwrap();
        }
        let before = |pool, n| db.read(pool, move |tx| sessions::list_before(tx, SessionId::new(id(n)), 2));
        assert_eq!(before(POOL, 9).await.unwrap(), [opened(5), opened(4)]);
        assert_eq!(before(OTHER, 9).await.unwrap(), []);
        let there = |tenant| db.read(POOL, move |tx| {
            sessions::list_at_tenant_before(tx, tenant, SessionId::new(id(4)), 9)
        });
        assert_eq!(there(TenantId::new(id(1))).await.unwrap(), [opened(3), opened(1)]);
        assert_eq!(there(elsewhere).await.unwrap().len(), 1);
    }
}
