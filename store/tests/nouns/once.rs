//! Requests that name themselves: one thing for one name, for a day, in one pool.

use super::{OTHER, POOL, at, id};
use doorward_model::PoolId;
use doorward_store::once::{self, Claimed};
use doorward_store::{Db, Error};

/// Claims a name for something made now, until ten seconds later.
async fn claim(db: &Db, pool: PoolId, request: u8, made: u128, second: i64) -> Claimed {
    let ends = (at(second), at(second + 10));
    db.write(pool, move |tx| once::claim(tx, &[1; 32], &[request; 32], id(made), ends)).await.unwrap()
}

suite! {
    async fn the_same_request_meets_what_it_made_and_another_is_refused(db) {
        assert_eq!(claim(&db, POOL, 7, 20, 0).await, Claimed::Fresh);
        assert_eq!(claim(&db, POOL, 7, 21, 5).await, Claimed::Made(id(20)));
        assert_eq!(claim(&db, POOL, 8, 22, 5).await, Claimed::Taken);
        assert_eq!(claim(&db, OTHER, 8, 23, 5).await, Claimed::Fresh, "a name is a pool's");
    }

    async fn a_name_that_is_over_is_free_again(db) {
        claim(&db, POOL, 7, 20, 0).await;
        assert_eq!(claim(&db, POOL, 8, 21, 9).await, Claimed::Taken);
        assert_eq!(claim(&db, POOL, 8, 21, 10).await, Claimed::Fresh);
        assert_eq!(claim(&db, POOL, 8, 22, 11).await, Claimed::Made(id(21)));
    }

    async fn a_name_is_looked_up_without_being_taken(db) {
        let find = |request, second| db.read(POOL, move |tx| once::find(tx, &[1; 32], &[request; 32], at(second)));
        assert_eq!(find(7, 0).await, Ok(None));
        claim(&db, POOL, 7, 20, 0).await;
        assert_eq!(find(7, 9).await, Ok(Some(Claimed::Made(id(20)))));
        assert_eq!(find(8, 9).await, Ok(Some(Claimed::Taken)));
        assert_eq!(find(7, 10).await, Ok(None));
    }

    async fn a_claim_goes_with_the_transaction_that_made_nothing(db) {
        let failed = db.write(POOL, |tx| {
            once::claim(tx, &[1; 32], &[7; 32], id(20), (at(0), at(10)))?;
            Err::<(), _>(Error::Fault("the row was refused".to_owned()))
        });
        assert!(failed.await.is_err());
        assert_eq!(claim(&db, POOL, 8, 21, 1).await, Claimed::Fresh);
    }

    async fn names_that_are_over_are_swept_a_few_at_a_time(db) {
        for n in 1..=3_u8 {
            let ends = (at(0), at(n.into()));
            db.write(POOL, move |tx| once::claim(tx, &[n; 32], &[7; 32], id(20), ends)).await.unwrap();
        }
        let sweep = || db.write_house(|tx| once::sweep(tx, at(3), 1));
        assert_eq!([sweep().await, sweep().await, sweep().await], [Ok(true), Ok(true), Ok(false)]);
        let left = db.write(POOL, |tx| once::claim(tx, &[3; 32], &[7; 32], id(21), (at(0), at(9)))).await;
        assert_eq!(left, Ok(Claimed::Made(id(20))));
    }
}
