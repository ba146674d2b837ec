//! Guessing counters and known places: remembered per pool, forgotten by age.

use super::{OTHER, POOL, at};
use doorward_model::PoolId;
use doorward_store::{Db, attempts, attempts::Attempts};

async fn find(db: &Db, pool: PoolId, n: u8) -> Attempts {
    db.read(pool, move |tx| attempts::find(tx, &[n; 32])).await.unwrap()
}

async fn put(db: &Db, n: u8, counted: Attempts) {
    db.write(POOL, move |tx| attempts::put(tx, &[n; 32], counted)).await.unwrap();
}

suite! {
    async fn counters_begin_at_zero_and_are_what_was_last_written(db) {
        assert_eq!(find(&db, POOL, 1).await, Attempts::default());
        for failures in [3, 4] {
            let counted = Attempts { failures, pending: 2, allowed_at: at(20), changed_at: at(10) };
            put(&db, 1, counted).await;
            assert_eq!(find(&db, POOL, 1).await, counted);
        }
        assert_eq!(find(&db, POOL, 2).await, Attempts::default());
        assert_eq!(find(&db, OTHER, 1).await, Attempts::default());
    }

    async fn counters_and_places_are_renamed_in_their_own_pool_only(db) {
        let counted = Attempts { failures: 3, pending: 2, allowed_at: at(20), changed_at: at(10) };
        put(&db, 1, counted).await;
        db.write(POOL, |tx| attempts::put_place(tx, &[1; 32], at(10))).await.unwrap();
        for (pool, renamed) in [(OTHER, false), (POOL, true), (POOL, false)] {
            assert_eq!(db.write(pool, |tx| attempts::rename(tx, &[1; 32], &[2; 32])).await, Ok(renamed));
            assert_eq!(db.write(pool, |tx| attempts::rename_place(tx, &[1; 32], &[2; 32])).await, Ok(renamed));
        }
        assert_eq!([find(&db, POOL, 1).await, find(&db, POOL, 2).await], [Attempts::default(), counted]);
        let place = |n: u8| db.read(POOL, move |tx| attempts::find_place(tx, &[n; 32]));
        assert_eq!([place(1).await, place(2).await], [Ok(None), Ok(Some(at(10)))]);
    }

    async fn a_sweep_keeps_what_still_counts(db) {
        let old = Attempts { changed_at: at(15), ..Attempts::default() };
        let rows = [
            (old, false),
            (Attempts { failures: 1, ..old }, true),
            (Attempts { pending: 1, ..old }, true),
            (Attempts { failures: 1, changed_at: at(9), ..old }, false),
            (Attempts { failures: 1, changed_at: at(9), allowed_at: at(20), ..old }, true),
            (Attempts { changed_at: at(20), ..old }, true),
        ];
        for (n, (counted, _)) in (0..).zip(rows) {
            put(&db, n, counted).await;
        }
        assert_eq!(db.write_house_bulk(|tx| attempts::sweep(tx, at(20), at(10))).await, Ok(2));
        for (n, (counted, kept)) in (0..).zip(rows) {
            assert_eq!(find(&db, POOL, n).await == counted, kept, "row {n}");
        }
    }

    async fn a_place_is_known_from_its_last_use_until_it_is_swept(db) {
        let place = |pool, n: u8| db.read(pool, move |tx| attempts::find_place(tx, &[n; 32]));
        for (n, seen) in [(1, 10), (2, 10), (2, 20)] {
            db.write(POOL, move |tx| attempts::put_place(tx, &[n; 32], at(seen))).await.unwrap();
        }
        assert_eq!([place(POOL, 1).await, place(POOL, 2).await], [Ok(Some(at(10))), Ok(Some(at(20)))]);
        assert_eq!(place(OTHER, 1).await, Ok(None));
        assert_eq!(db.write_house_bulk(|tx| attempts::sweep_places(tx, at(20))).await, Ok(1));
        assert_eq!([place(POOL, 1).await, place(POOL, 2).await], [Ok(None), Ok(Some(at(20)))]);
    }
}
