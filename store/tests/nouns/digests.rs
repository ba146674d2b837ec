//! Digests: kept with the person, found in the order in which they are due, and told in their own pool.

use super::people::{insert, person};
use super::{OTHER, POOL, at, id};
use doorward_model::{NotificationSettings, Person, PersonId, PersonStatus, PoolId, Timestamp};
use doorward_store::digests::{self, Digests};
use doorward_store::{Db, people};

const MORNING: NotificationSettings =
    NotificationSettings { instant: false, evening: false, morning: true, new_lead: false };

fn wanting(n: u32) -> Person {
    Person { notifications: MORNING, modified_at: at(5), ..person(n) }
}

async fn find(db: &Db, pool: PoolId, n: u128) -> Option<Digests> {
    db.read(pool, move |tx| digests::find(tx, PersonId::new(id(n)))).await.unwrap()
}

async fn put(db: &Db, n: u128, due_at: i64) {
    let now = Digests { due_at: at(due_at), told_until: at(7) };
    db.write(POOL, move |tx| digests::put(tx, PersonId::new(id(n)), now)).await.unwrap();
}

async fn change(db: &Db, person: &Person) {
    let person = person.clone();
    db.write(POOL, move |tx| people::update(tx, &person)).await.unwrap();
}

async fn due(db: &Db, now: i64, limit: i64) -> Vec<(PoolId, u128)> {
    let due = db.read_house(move |tx| digests::list_due(tx, at(now), limit)).await.unwrap();
    due.into_iter().map(|(pool, person)| (pool, person.uuid().as_u128())).collect()
}

suite! {
    async fn who_wants_digests_is_looked_at_at_once_and_who_wants_none_is_forgotten(db) {
        insert(&db, &person(3)).await.unwrap();
        insert(&db, &wanting(4)).await.unwrap();
        assert_eq!(find(&db, POOL, 3).await, None);
        let begun = Digests { due_at: Timestamp::default(), told_until: at(5) };
        assert_eq!(find(&db, POOL, 4).await, Some(begun));
        assert_eq!(find(&db, OTHER, 4).await, None);

        put(&db, 4, 100).await;
        change(&db, &Person { modified_at: at(50), ..wanting(4) }).await;
        let again = Digests { due_at: Timestamp::default(), told_until: at(7) };
        assert_eq!(find(&db, POOL, 4).await, Some(again), "their hours may be others; what was told stays told");
        change(&db, &Person { status: PersonStatus::Inactive, ..wanting(4) }).await;
        assert_eq!(find(&db, POOL, 4).await, None);
        change(&db, &wanting(3)).await;
        assert_eq!(find(&db, POOL, 3).await, Some(begun));
    }

    async fn a_pools_longest_due_are_put_off_up_to_a_number(db) {
        for n in [3, 4, 5, 6] {
            insert(&db, &wanting(n)).await.unwrap();
        }
        insert(&db, &Person { pool: OTHER, ..wanting(7) }).await.unwrap();
        let before = Person { modified_at: at(0), ..wanting(8) };
        insert(&db, &before).await.unwrap();
        for (n, due_at) in [(3, 30), (4, 20), (5, 25), (6, 31)] {
            put(&db, n, due_at).await;
        }
        let put_off = |most| db.write(POOL, move |tx| digests::put_off(tx, at(30), at(99), most));
        put_off(2).await.unwrap();
        let left: Vec<_> = due(&db, 98, 9).await.into_iter().skip(2).collect();
        assert_eq!(left, [(POOL, 3), (POOL, 6)], "the two that waited longest wait on");
        put_off(9).await.unwrap();
        let left = due(&db, 98, 9).await;
        assert_eq!((left.len(), left.contains(&(OTHER, 7)), left.contains(&(POOL, 8))), (3, true, true), "{left:?}");
        assert_eq!(find(&db, POOL, 3).await, Some(Digests { due_at: at(99), told_until: at(7) }));
    }

    async fn the_longest_due_come_first_over_all_pools(db) {
        for n in [3, 4, 5] {
            insert(&db, &wanting(n)).await.unwrap();
        }
        let elsewhere = Person { pool: OTHER, ..wanting(6) };
        insert(&db, &elsewhere).await.unwrap();
        put(&db, 3, 30).await;
        put(&db, 4, 20).await;
        put(&db, 5, 40).await;
        assert_eq!(due(&db, 30, 9).await, [(OTHER, 6), (POOL, 4), (POOL, 3)]);
        assert_eq!(due(&db, 30, 2).await, [(OTHER, 6), (POOL, 4)]);
        assert_eq!(due(&db, 19, 9).await, [(OTHER, 6)]);
    }
}
