//! Windows of access keys: kept as they were put, by pool, and forgotten when they are empty.

use super::{OTHER, POOL, at};
use doorward_model::{AccessKeyId, PoolId, Timestamp};
use doorward_store::{Db, key_windows};
use uuid::Uuid;

fn key(n: u128) -> AccessKeyId {
    AccessKeyId::new(Uuid::from_u128(n))
}

async fn put(db: &Db, pool: PoolId, n: u128, passed: &[i64], empty_at: i64) {
    let passed: Vec<Timestamp> = passed.iter().copied().map(at).collect();
    db.write(pool, move |tx| key_windows::put(tx, key(n), passed.clone(), at(empty_at))).await.unwrap();
}

async fn passed(db: &Db, pool: PoolId, n: u128) -> Vec<Timestamp> {
    db.read(pool, move |tx| key_windows::find(tx, key(n))).await.unwrap()
}

suite! {
    async fn a_window_holds_what_was_put_last(db) {
        assert_eq!(passed(&db, POOL, 1).await, []);
        put(&db, POOL, 1, &[3, 5, 5], 9).await;
        put(&db, POOL, 2, &[4], 9).await;
        assert_eq!(passed(&db, POOL, 1).await, [at(3), at(5), at(5)]);
        put(&db, POOL, 1, &[-7], 9).await;
        assert_eq!(passed(&db, POOL, 1).await, [at(-7)]);
        assert_eq!(passed(&db, POOL, 2).await, [at(4)]);
        assert_eq!(passed(&db, OTHER, 2).await, []);
    }

    async fn what_is_empty_is_swept_in_pieces_in_all_pools(db) {
        for (pool, n, empty_at) in [(POOL, 1, 10), (OTHER, 2, 10), (POOL, 3, 11)] {
            put(&db, pool, n, &[5], empty_at).await;
        }
        for may_be_more in [true, true, false] {
            assert_eq!(db.write_house_bulk(|tx| key_windows::sweep(tx, at(11), 1)).await, Ok(may_be_more));
        }
        for (pool, n, kept) in [(POOL, 1, 0), (OTHER, 2, 0), (POOL, 3, 1)] {
            assert_eq!(passed(&db, pool, n).await.len(), kept, "{n}");
        }
    }
}
