//! Uses: added up by day under each tenant, with the people, and swept together.

use super::people::{self, person};
use super::{OTHER, POOL, at, id};
use doorward_model::{Day, Person, PersonId, PersonStatus, PoolId, TenantId, Timestamp, UseKind};
use doorward_store::uses::{self, Of};
use doorward_store::{Db, used_by};

const ROOT: TenantId = TenantId::new(id(1));
/// Noon of a day.
const fn noon(day: i64) -> Timestamp {
    at(day * 86_400 + 43_200)
}
/// Behind everybody.
const END: (Timestamp, PersonId) = (Timestamp::from_micros(i64::MAX), PersonId::new(id(u128::MAX)));

const fn door(subject: &[u8]) -> Of<'_> {
    Of { scope: ROOT, kind: UseKind::Door, subject }
}

async fn add(db: &Db, pool: PoolId, subject: &'static [u8], count: i64, at: Timestamp) {
    db.write_bulk(pool, move |tx| uses::add(tx, door(subject), count, at)).await.unwrap();
}

async fn note(db: &Db, subject: &'static [u8], n: u32, at: Timestamp) {
    add(db, POOL, subject, 0, at).await;
    let who = person(n).id;
    db.write_bulk(POOL, move |tx| used_by::note(tx, door(subject), who, at)).await.unwrap();
}

/// Who, on how many days, first and last.
async fn users(db: &Db, since: Timestamp) -> Vec<(i64, i64, Timestamp, Timestamp)> {
    let found = db.read(POOL, move |tx| used_by::list_before(tx, door(b"a"), since, END, 10)).await.unwrap();
    found.into_iter().map(|it| (it.person.number.get(), it.days, it.first_at, it.last_at)).collect()
}

suite! {
    async fn uses_of_a_day_add_up_and_the_last_stays_the_last(db) {
        add(&db, POOL, b"a", 3, noon(10)).await;
        add(&db, POOL, b"a", 4, noon(10).plus(std::time::Duration::from_secs(5))).await;
        add(&db, POOL, b"a", 1, noon(10)).await;
        add(&db, POOL, b"a", 5, noon(12)).await;
        add(&db, POOL, b"b", 9, noon(12)).await;
        add(&db, OTHER, b"a", 9, noon(12)).await;
        let days = |from| db.read(POOL, move |tx| uses::list_days(tx, door(b"a"), Day::new(from)));
        assert_eq!(days(0).await.unwrap(), [(Day::new(10), 8), (Day::new(12), 5)]);
        assert_eq!(days(11).await.unwrap(), [(Day::new(12), 5)]);
        let last = db.read(POOL, |tx| uses::find_last(tx, door(b"a"))).await.unwrap();
        assert_eq!(last, Some(noon(12)));
        assert_eq!(db.read(POOL, |tx| uses::find_last(tx, door(b"c"))).await.unwrap(), None);
        let subjects = db.read(POOL, |tx| uses::list_subjects(tx, ROOT, UseKind::Door, 10)).await.unwrap();
        assert_eq!(subjects, [b"a".to_vec(), b"b".to_vec()]);
        assert_eq!(db.read_house(uses::find_first_day).await.unwrap(), Some(Day::new(10)));
    }

    async fn people_are_noted_by_day_and_the_latest_comes_first(db) {
        for n in [3, 4] {
            people::insert(&db, &person(n)).await.unwrap();
        }
        note(&db, b"a", 3, noon(10)).await;
        note(&db, b"a", 3, noon(10)).await;
        note(&db, b"a", 3, noon(12)).await;
        note(&db, b"a", 4, noon(11)).await;
        // A use that arrives late changes nothing.
        note(&db, b"a", 3, noon(9)).await;
        assert_eq!(users(&db, noon(0)).await, [(3, 2, noon(10), noon(12)), (4, 1, noon(11), noon(11))]);
        assert_eq!(users(&db, noon(12)).await, [(3, 2, noon(10), noon(12))]);
        let count = |since, most| db.read(POOL, move |tx| used_by::count(tx, door(b"a"), since, most));
        assert_eq!(count(noon(0), 10).await, Ok(2));
        assert_eq!(count(noon(0), 1).await, Ok(1));
        assert_eq!(count(noon(12), 10).await, Ok(1));
        let behind = (noon(12), person(3).id);
        let rest = db.read(POOL, move |tx| used_by::list_before(tx, door(b"a"), noon(0), behind, 10)).await;
        assert_eq!(rest.unwrap().len(), 1);
    }

    async fn the_deleted_are_not_shown(db) {
        people::insert(&db, &person(3)).await.unwrap();
        note(&db, b"a", 3, noon(10)).await;
        let deleted = Person { status: PersonStatus::Deleted, ..person(3) };
        db.write(POOL, move |tx| doorward_store::people::update(tx, &deleted)).await.unwrap();
        assert_eq!(users(&db, noon(0)).await, []);
        assert_eq!(db.read(POOL, |tx| used_by::count(tx, door(b"a"), noon(0), 10)).await, Ok(0));
    }

    async fn old_days_are_swept_in_pieces_with_whoever_came_no_later(db) {
        for n in [3, 4, 5] {
            people::insert(&db, &person(n)).await.unwrap();
        }
        for (n, day) in [(3, 10), (4, 10), (5, 10), (5, 20)] {
            note(&db, b"a", n, noon(day)).await;
        }
        let mut rounds = 0;
        while db.write_house_bulk(|tx| uses::sweep(tx, Day::new(15), 1)).await.unwrap() {
            rounds += 1;
        }
        assert!(rounds >= 2, "one person at a time");
        assert_eq!(users(&db, noon(0)).await, [(5, 2, noon(10), noon(20))]);
        let days = db.read(POOL, |tx| uses::list_days(tx, door(b"a"), Day::new(0))).await.unwrap();
        assert_eq!(days, [(Day::new(20), 0)]);
    }
}
