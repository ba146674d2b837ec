//! Guessing counters and known places: remembered per pool, forgotten by age.

use super::{OTHER, POOL, at};
use doorward_model::{PoolId, Timestamp};
use doorward_store::{Db, Key, Stretch, attempts, attempts::Attempts};

/// Clean counters are over when they were untouched since then, and failures.
const OVER: (Timestamp, Timestamp) = (at(20), at(10));

async fn look(db: &Db, after: Option<Key<[u8; 32]>>, limit: i64) -> Stretch<[u8; 32]> {
    db.read_house(move |tx| attempts::look_through(tx, after, OVER, limit)).await.unwrap()
}

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

    async fn what_still_counts_is_never_over(db) {
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
        let over = vec![(POOL, [0; 32]), (POOL, [3; 32])];
        assert_eq!(look(&db, None, 100).await, Stretch { over, next: None });
        // Whoever looked may be late: what counts by then stays.
        db.write_bulk(POOL, |tx| (0..6).try_for_each(|n| attempts::forget(tx, &[n; 32], OVER))).await.unwrap();
        for (n, (counted, kept)) in (0..).zip(rows) {
            assert_eq!(find(&db, POOL, n).await == counted, kept, "row {n}");
        }
    }

    async fn a_table_is_looked_through_in_pieces_over_all_pools(db) {
        let over = Attempts { changed_at: at(9), failures: 1, ..Attempts::default() };
        let counts = Attempts { changed_at: at(30), ..over };
        for (pool, n, counted) in [(OTHER, 0, over), (POOL, 4, over), (POOL, 2, counts), (POOL, 7, counts)] {
            db.write(pool, move |tx| attempts::put(tx, &[n; 32], counted)).await.unwrap();
        }
        let first = look(&db, None, 2).await;
        assert_eq!(first, Stretch { over: vec![(POOL, [4; 32])], next: Some((POOL, [4; 32])) });
        // Where to go on may be gone by then.
        db.write_bulk(POOL, |tx| attempts::forget(tx, &[4; 32], OVER)).await.unwrap();
        let second = look(&db, first.next, 2).await;
        assert_eq!(second, Stretch { over: vec![(OTHER, [0; 32])], next: Some((OTHER, [0; 32])) });
        assert_eq!(look(&db, second.next, 2).await, Stretch { over: Vec::new(), next: None });
    }

    async fn a_place_is_known_from_its_last_use_until_it_is_swept(db) {
        let place = |pool, n: u8| db.read(pool, move |tx| attempts::find_place(tx, &[n; 32]));
        for (n, seen) in [(1, 10), (2, 10), (2, 20)] {
            db.write(POOL, move |tx| attempts::put_place(tx, &[n; 32], at(seen))).await.unwrap();
        }
        assert_eq!([place(POOL, 1).await, place(POOL, 2).await], [Ok(Some(at(10))), Ok(Some(at(20)))]);
        assert_eq!(place(OTHER, 1).await, Ok(None));
        let look = |after, limit| {
            db.read_house(move |tx| attempts::look_through_places(tx, after, at(20), limit))
        };
        let first = look(None, 1).await.unwrap();
        assert_eq!(first, Stretch { over: vec![(POOL, [1; 32])], next: Some((POOL, [1; 32])) });
        assert_eq!(look(first.next, 5).await, Ok(Stretch { over: Vec::new(), next: None }));
        db.write_bulk(POOL, |tx| [1, 2].iter().try_for_each(|n| attempts::forget_place(tx, &[*n; 32], at(20))))
            .await
            .unwrap();
        assert_eq!([place(POOL, 1).await, place(POOL, 2).await], [Ok(None), Ok(Some(at(20)))]);
    }
}
